import { parseEntityRef } from '@backstage/catalog-model';
import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Age } from '../ui/Age';
import { Chip } from '../ui/Chips';
import { HealthState } from '../ui/Health';
import { useTranslation } from '../use-translation';
import classes from './table.module.css';

interface Shown {
  readonly model: ModelSummary;
}

export interface TwoLinesProps {
  readonly first: ReactNode;
  readonly second?: ReactNode;
  /** Everything in words, as either line may be cut. */
  readonly title?: string;
}

/** A cell's figure and, quieter, what it is of; each on one line, whatever its length. */
export function TwoLines({ first, second, title }: TwoLinesProps) {
  return (
    <div title={title}>
      <div className={classes['line']}>{first}</div>
      {second === undefined ? null : <div className={classes['quiet']}>{second}</div>}
    </div>
  );
}

export function ModelCell({ model, href }: Shown & { readonly href: string }) {
  const { title, entity, repositories } = model;
  const second = title === null ? (repositories[0] ?? '') : entity.name;
  return (
    <TwoLines
      title={[title ?? entity.name, second].join('\n')}
      first={
        <Link to={href} className={classes['link']}>
          {title ?? entity.name}
        </Link>
      }
      second={second}
    />
  );
}

export function OwnerCell({ model: { owner } }: Shown) {
  return owner === null ? <>–</> : <TwoLines title={owner} first={nameOf(owner)} />;
}

/** An owner that is no entity reference is shown as it is. */
export function nameOf(owner: string): string {
  try {
    return parseEntityRef(owner, { defaultKind: 'group' }).name;
  } catch {
    return owner;
  }
}

export function NewestCell({ model: { newest } }: Shown) {
  const { t } = useTranslation();
  if (newest === null) return <span className={classes['quiet']}>{t('fleet.noVersion')}</span>;
  const name = newest.version ?? newest.tags[0] ?? t('versions.untagged');
  return <TwoLines first={<span title={name}>{name}</span>} second={<Age since={newest.firstSeenAt} />} />;
}

const distinct = (names: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(names.filter(name => name !== undefined)),
];

/** Environments, where there are any, over the clusters. */
export function PlacesCell({ model: { deployments } }: Shown) {
  const { t } = useTranslation();
  if (deployments.length === 0) return <span className={classes['quiet']}>{t('fleet.nowhere')}</span>;
  const environments = distinct(deployments.map(({ placement }) => placement.environment));
  const clusters = distinct(deployments.map(({ placement }) => placement.cluster));
  const [first, second] = environments.length === 0 ? [clusters] : [environments, clusters];
  return (
    <TwoLines
      title={deployments
        .map(({ placement: { environment, cluster, namespace } }) =>
          [environment, t('versions.place', { cluster, namespace })].filter(Boolean).join(': '),
        )
        .join('\n')}
      first={first.join(', ')}
      second={second?.join(', ')}
    />
  );
}

/** The worst of the deployments, with its message, or that something else runs than was released. */
export function HealthCell({ model: { health, deployments } }: Shown) {
  const { t } = useTranslation();
  if (health === undefined) return <>–</>;
  const worst = deployments.find(({ status }) => status.state === health);
  const message = health === 'Current' ? undefined : worst?.status.message;
  const drifts = deployments.some(({ drift }) => drift);
  return (
    <TwoLines
      title={message}
      first={<HealthState state={health} />}
      second={
        drifts ? (
          <>
            <Chip tone="warning" title={t('deployments.driftHint')}>
              {t('deployments.drift')}
            </Chip>{' '}
            {message}
          </>
        ) : (
          message
        )
      }
    />
  );
}
