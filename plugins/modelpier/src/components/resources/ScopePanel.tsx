import { type AllocationScope } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { Age } from '../ui/Age';
import { Panel } from '../ui/Panel';
import { type Translate, useTranslation } from '../use-translation';
import { BarKey } from './BarKey';
import { ContainersTable } from './ContainersTable';
import { QuotaTable } from './QuotaTable';
import { ResourcesTable } from './ResourcesTable';
import classes from './ScopePanel.module.css';

function nameOf({ cluster, namespace, pool }: AllocationScope, t: Translate): string {
  if (namespace !== null) return t('resources.scopeNamespace', { cluster, namespace });
  if (pool !== null) return t('resources.scopePool', { cluster, pool });
  return t('resources.scopeCluster', { cluster });
}

export interface ScopePanelProps {
  readonly scope: AllocationScope;
  /** Says what the bars mean; once on a page is enough. */
  readonly hasKey: boolean;
}

export function ScopePanel({ scope, hasKey }: ScopePanelProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { modelContainers, nodes, observedAt, dominant, resources, containers, quotas = [] } = scope;
  const name = nameOf(scope, t);
  return (
    <Panel
      title={name}
      flush
      aside={
        <span className={classes['facts']}>
          <span>{t('resources.containers', { count: modelContainers })}</span>
          <span>{nodes === null ? t('resources.noNodes') : t('resources.nodes', { count: nodes })}</span>
          <Age since={observedAt}>{age => t('resources.observed', { age })}</Age>
        </span>
      }
    >
      <HowCounted scope={scope} />
      <ResourcesTable scope={name} resources={resources} containers={modelContainers} />
      {dominant === null ? null : (
        <p className={classes['dominant']}>
          {t('resources.dominant', {
            ratio: figures.percent(dominant.ratio),
            resource: figures.resource(dominant.resource),
          })}
        </p>
      )}
      {quotas.length === 0 ? null : (
        <>
          <h4 className={classes['heading']}>{t('resources.quotas')}</h4>
          <QuotaTable scope={name} quotas={quotas} />
        </>
      )}
      {containers.length === 0 ? null : (
        <>
          <h4 className={classes['heading']}>{t('resources.perContainer')}</h4>
          <ContainersTable scope={name} containers={containers} resources={resources} />
        </>
      )}
      {hasKey ? <BarKey /> : null}
    </Panel>
  );
}

/** What is not as most would take it to be. */
function HowCounted({ scope: { basis, minusSystem } }: { readonly scope: AllocationScope }) {
  const { t } = useTranslation();
  return (
    <>
      {basis === 'max' ? <p className={classes['dominant']}>{t('resources.basisMax')}</p> : null}
      {minusSystem === true ? <p className={classes['dominant']}>{t('resources.minusSystem')}</p> : null}
    </>
  );
}
