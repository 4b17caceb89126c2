import {
  type AllocationAnswer,
  type ReuseAnswer,
  formatBytes,
  formatPercent,
  resourceName,
} from '@modelpier/backstage-plugin-modelpier-common';
import { Meter } from '../ui/Meter';
import { useTranslation } from '../use-translation';
import { Glance } from './Glance';

interface AnswerProps<T> {
  readonly answer: T | undefined;
  /** Its tab says why; here it is only not known. */
  readonly failed: boolean;
}

/** The largest dominant share over the clusters. */
export function AllocationGlance({ answer, failed }: AnswerProps<AllocationAnswer>) {
  const { t } = useTranslation();
  const label = t('overview.dominantShare');
  if (answer === undefined) {
    return <Glance label={label} figure={failed ? t('resources.unknown') : undefined} />;
  }
  const shares = answer.scopes
    .flatMap(({ cluster, dominant }) => (dominant === null ? [] : [{ cluster, ...dominant }]))
    .sort((a, b) => b.ratio - a.ratio);
  const [largest] = shares;
  if (largest === undefined) {
    return (
      <Glance label={label} figure={t('overview.noAllocation')}>
        {t('overview.noAllocationHint')}
      </Glance>
    );
  }
  const { ratio, resource, cluster } = largest;
  return (
    <Glance label={label} figure={formatPercent(ratio)}>
      <Meter label={label} text={`${formatPercent(ratio)} ${resource}`} ratio={ratio} />
      <span>{t('overview.dominantOf', { resource: resourceName(resource), cluster })}</span>
    </Glance>
  );
}

/** The first release: the newest version on its first platform. */
export function ReuseGlance({ answer, failed }: AnswerProps<ReuseAnswer>) {
  const { t } = useTranslation();
  const label = t('overview.reuse');
  if (answer === undefined) {
    return <Glance label={label} figure={failed ? t('resources.unknown') : undefined} />;
  }
  const reuse = answer.releases[0]?.reuse;
  if (reuse === undefined || reuse.ratio === null) {
    return (
      <Glance label={label} figure={t('overview.noReuse')}>
        {t('overview.noReuseHint')}
      </Glance>
    );
  }
  if (reuse.reason === 'first-release') {
    return (
      <Glance label={label} figure={t('overview.firstRelease')}>
        {t('overview.firstReleaseNote', { total: formatBytes(reuse.totalBytes) })}
      </Glance>
    );
  }
  const figure = formatPercent(reuse.ratio);
  const text = t('overview.reuseOf', {
    total: formatBytes(reuse.totalBytes),
    newSize: formatBytes(reuse.newBytes),
  });
  return (
    <Glance label={label} figure={figure}>
      <Meter label={label} text={`${figure} ${text}`} ratio={reuse.ratio} />
      <span>{text}</span>
    </Glance>
  );
}
