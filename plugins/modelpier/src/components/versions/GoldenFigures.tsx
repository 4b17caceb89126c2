import { type Release } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { useTranslation } from '../use-translation';

/** What a golden check measured: of several pods the slowest. */
export function GoldenFigures({ note }: { readonly note: NonNullable<Release['golden']> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { cases, p95Ms, coldStartMs } = note;
  const told = [
    t('golden.cases', { count: cases }),
    p95Ms === undefined ? undefined : t('golden.p95', { duration: figures.duration(p95Ms) }),
    coldStartMs === undefined
      ? undefined
      : t('golden.coldStart', { duration: figures.duration(coldStartMs) }),
  ];
  return (
    <>
      {new Intl.ListFormat(figures.language, { type: 'unit' }).format(
        told.filter(each => each !== undefined),
      )}
    </>
  );
}
