/** Metrics are what training reported; four significant digits tell versions apart. */
const figures = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const changes = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4, signDisplay: 'exceptZero' });

export const formatFigure = (value: number): string => figures.format(value);
export const formatFigureChange = (value: number): string => changes.format(value);
