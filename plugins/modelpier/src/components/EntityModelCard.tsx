import { useRouteRef } from '@backstage/core-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { useModel } from '../hooks/questions';
import { viewModelRouteRef } from '../routes';
import classes from './EntityModelCard.module.css';
import { FailureAlert } from './ui/FailureAlert';
import { HealthState } from './ui/Health';
import { ProblemBanner } from './ui/ProblemBanner';
import { SourceBanners } from './ui/SourceBanners';
import { useTranslation } from './use-translation';

/** The model in a few lines, for an entity's overview. */
export function EntityModelCard() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { value, error, receivedAt } = useModel(entity);
  return (
    <EntityInfoCard title={t('card.title')} footerActions={<MoreLink />}>
      <div className={classes['card']}>
        {error === undefined ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
        <ProblemBanner problems={value?.model.problems} />
        {value === undefined ? null : <SourceBanners sources={value.sources} />}
        {value === undefined && error === undefined ? <Skeleton height={72} /> : null}
        {value === undefined ? null : <Facts model={value.model} />}
      </div>
    </EntityInfoCard>
  );
}

/** Left out where the portal has no Model tab. */
function MoreLink() {
  const { t } = useTranslation();
  const route = useRouteRef(viewModelRouteRef);
  return route === undefined ? null : <Link href={route()}>{t('card.more')}</Link>;
}

function Facts({ model }: { readonly model: ModelSummary }) {
  const { t } = useTranslation();
  const { newest, deployments, repositories } = model;
  return (
    <dl className={classes['facts']}>
      <dt>{t('card.newest')}</dt>
      <dd>{newest === null ? t('overview.noVersion') : (newest.version ?? newest.tags[0])}</dd>
      <dt>{t('card.running')}</dt>
      <dd className={classes['places']}>
        {deployments.length === 0
          ? t('overview.notRunning')
          : deployments.map(({ placement, version, status, ready, desired }) => (
              <div
                key={`${placement.cluster}/${placement.namespace}/${placement.workload.name}`}
                className={classes['place']}
              >
                <span>{placement.environment ?? t('versions.place', placement)}</span>
                <span>{version ?? t('deployments.unknownVersion')}</span>
                <span>
                  {ready} / {desired}
                </span>
                <HealthState state={status.state} />
              </div>
            ))}
      </dd>
      <dt>{t('card.images')}</dt>
      <dd className={classes['images']}>{repositories.join(', ')}</dd>
    </dl>
  );
}
