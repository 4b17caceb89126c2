import { type Deployment, rollbackChoices } from '@modelpier/backstage-plugin-modelpier-common';
import { digestsOf, runningIn, type Situation } from '../../hooks/use-situation';
import { useAskedAction } from '../../hooks/use-asked-action';
import { refusalOfRollback, refusalOfWay } from '../actions/refusals';
import { GatedButton } from '../ui/GatedButton';
import { useTranslation } from '../use-translation';
import classes from './deployments.module.css';

export interface DeploymentActionsProps {
  readonly deployment: Deployment;
  readonly situation: Omit<Situation, 'error'>;
  /** Environments where something started is still under way. */
  readonly underWay: ReadonlySet<string>;
}

/** Back to an earlier release, or on to another environment; each says why where it cannot be. */
export function DeploymentActions({ deployment, situation, underWay }: DeploymentActionsProps) {
  const { t } = useTranslation();
  const { open } = useAskedAction();
  const { ways, isLoading, deployments, releases } = situation;
  const { environment, version, versionDigest } = deployment;
  const running = digestsOf(runningIn(deployments, environment));
  const choices = environment === null ? 0 : rollbackChoices(releases, { environment, running }).length;
  const isUnderWay = environment !== null && underWay.has(environment);
  const place = environment ?? deployment.namespace;
  return (
    <div className={classes['actions']}>
      <GatedButton
        label={t('actions.rollback.label', { environment: place })}
        refusal={refusalOfRollback({ ways, isLoading, environment, choices, isUnderWay }, t)}
        onPress={() => open('rollback', place)}
      >
        {t('actions.rollback.open')}
      </GatedButton>
      <GatedButton
        label={t('actions.promote.label', {
          version: version ?? t('deployments.unknownVersion'),
          environment: place,
        })}
        refusal={
          refusalOfWay({ action: 'promote', ways, isLoading }, t) ??
          (versionDigest === null ? t('actions.noVersion') : undefined)
        }
        onPress={() => open('promote', versionDigest ?? '')}
      >
        {t('actions.promote.open')}
      </GatedButton>
    </div>
  );
}
