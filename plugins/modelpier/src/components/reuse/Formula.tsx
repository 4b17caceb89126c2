import { type ReuseResult, formatBytes, formatPercent } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import classes from './reuse.module.css';
import { ReuseBar } from './ReuseBar';

/** R = 1 - (S1 + ... + SN) / S0 with the numbers put in, and what they are. */
export function Formula({ reuse }: { readonly reuse: ReuseResult }) {
  const { t } = useTranslation();
  const { mode, totalBytes, newBytes, newLayers, ratio, reason, basis } = reuse;
  const figures = { totalBytes: formatBytes(totalBytes), newBytes: formatBytes(newBytes) };
  return (
    <div className={classes['formula']}>
      <p className={classes['equation']}>
        {ratio === null
          ? t('reuse.unknownEquation')
          : t('reuse.equation', { ...figures, ratio: formatPercent(ratio) })}
      </p>
      {totalBytes === 0 ? null : <ReuseBar reuse={reuse} />}
      <p className={classes['note']}>
        {t(mode === 'fleet' ? 'reuse.fleetTerms' : 'reuse.terms', {
          ...figures,
          count: newLayers,
          basis: t(`reuse.basis.${basis}`),
        })}
      </p>
      {reason === undefined ? null : <p className={classes['note']}>{t(`reuse.reason.${reason}`)}</p>}
    </div>
  );
}
