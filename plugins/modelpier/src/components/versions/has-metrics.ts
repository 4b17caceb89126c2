import { type VersionDiff } from '@modelpier/backstage-plugin-modelpier-common';

/** Whether one of both came with metrics: the difference names those alone that changed. */
export const hasMetrics = ({ before, after }: Pick<VersionDiff, 'before' | 'after'>): boolean =>
  [before, after].some(({ metrics }) => Object.keys(metrics).length > 0);
