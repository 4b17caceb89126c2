import { type ModelSummary, STATES, type State } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { Age } from '../ui/Age';
import { DigestText } from '../ui/DigestText';
import { HealthState } from '../ui/Health';
import { useTranslation } from '../use-translation';
import { Glance } from './Glance';

export function NewestGlance({ model }: { readonly model: ModelSummary | undefined }) {
  const { t } = useTranslation();
  const { bytes } = useFigures();
  const label = t('overview.newest');
  if (model === undefined) return <Glance label={label} figure={undefined} />;
  const { newest } = model;
  if (newest === null) {
    return (
      <Glance label={label} figure={t('overview.noVersion')}>
        {t('overview.noVersionHint')}
      </Glance>
    );
  }
  const size = bytes(newest.sizeBytes);
  return (
    <Glance label={label} figure={newest.version ?? newest.tags[0] ?? t('versions.untagged')}>
      <DigestText digest={newest.digest} />
      <span>
        {newest.newBytes === null
          ? t('overview.sizeOnly', { size })
          : t('overview.size', { size, newSize: bytes(newest.newBytes) })}
      </span>
      <Age since={newest.firstSeenAt}>{age => t('overview.firstSeen', { age })}</Age>
    </Glance>
  );
}

type Places = ModelSummary['deployments'];

/** The worst of them, as the reader wants to know it first. */
const worstState = (places: Places): State =>
  places
    .map(({ status }) => status.state)
    .reduce((worst, state) => (STATES.indexOf(state) > STATES.indexOf(worst) ? state : worst), 'Current');

export interface RunningGlanceProps {
  readonly model: ModelSummary | undefined;
  readonly name: string;
}

export function RunningGlance({ model, name }: RunningGlanceProps) {
  const { t } = useTranslation();
  const label = t('overview.running');
  if (model === undefined) return <Glance label={label} figure={undefined} />;
  const { deployments } = model;
  if (deployments.length === 0) {
    return (
      <Glance label={label} figure={t('overview.notRunning')}>
        {t('overview.notRunningHint', { name })}
      </Glance>
    );
  }
  const ready = deployments.reduce((sum, place) => sum + place.ready, 0);
  const desired = deployments.reduce((sum, place) => sum + place.desired, 0);
  return (
    <Glance label={label} figure={<HealthState state={worstState(deployments)} />}>
      <span>{t('overview.readyOf', { ready: String(ready), desired: String(desired) })}</span>
      <span>{t('overview.places', { count: deployments.length })}</span>
    </Glance>
  );
}
