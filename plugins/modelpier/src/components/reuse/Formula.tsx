import { type ReuseResult } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { useTranslation } from '../use-translation';
import classes from './reuse.module.css';
import { ReuseBar } from './ReuseBar';

export interface FormulaProps {
  readonly reuse: ReuseResult;
  /** S1 to SN one by one, where they are known. */
  readonly newSizes?: readonly number[] | undefined;
}

/** More terms than these are written as their sum. */
const MOST_TERMS = 4;

/** R = 1 - (S1 + ... + SN) / S0 with the numbers put in, and what they are. */
export function Formula({ reuse, newSizes = [] }: FormulaProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { mode, totalBytes, newBytes, newLayers, ratio, reason, basis } = reuse;
  const sum = figures.bytes(newBytes);
  const areTermsKnown = newSizes.length === newLayers && newLayers > 1 && newLayers <= MOST_TERMS;
  const terms = areTermsKnown ? `(${newSizes.map(figures.bytes).join(' + ')})` : sum;
  const total = figures.bytes(totalBytes);
  return (
    <div className={classes['formula']}>
      <p className={classes['equation']}>
        {ratio === null
          ? t('reuse.unknownEquation')
          : t('reuse.equation', { newBytes: terms, totalBytes: total, ratio: figures.percent(ratio) })}
      </p>
      {totalBytes === 0 ? null : <ReuseBar reuse={reuse} />}
      <p className={classes['note']}>
        {t(mode === 'fleet' ? 'reuse.fleetTerms' : 'reuse.terms', {
          newBytes: sum,
          totalBytes: total,
          count: newLayers,
          basis: t(`reuse.basis.${basis}`),
        })}
      </p>
      {reason === undefined ? null : <p className={classes['note']}>{t(`reuse.reason.${reason}`)}</p>}
    </div>
  );
}
