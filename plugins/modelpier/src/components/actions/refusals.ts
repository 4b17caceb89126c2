import { type Way } from '@modelpier/backstage-plugin-modelpier-common';
import { type Translate } from '../use-translation';

const PERMISSIONS = {
  rollback: 'modelpier.release.rollback',
  promote: 'modelpier.release.promote',
} as const;

interface WayThere {
  readonly action: keyof typeof PERMISSIONS;
  /** `undefined` while it is not known. */
  readonly ways: Readonly<Record<keyof typeof PERMISSIONS, Way>> | undefined;
  readonly isLoading: boolean;
}

/** Why nothing can be started at all. */
export function refusalOfWay({ action, ways, isLoading }: WayThere, t: Translate): string | undefined {
  if (isLoading) return t('actions.loading');
  if (ways === undefined) return t('actions.unserved');
  const { workflow, reason, hint, isDenied } = ways[action];
  if (workflow !== null) return undefined;
  if (isDenied === true) return t('actions.denied', { permission: PERMISSIONS[action] });
  if (hint === undefined) return t('actions.notSetUp', { reason: reason ?? '' });
  return t('actions.notSetUpHint', { reason: reason ?? '', hint });
}

interface Rollback extends Omit<WayThere, 'action'> {
  readonly environment: string | null;
  readonly choices: number;
  readonly isUnderWay: boolean;
}

/** Why this environment cannot be rolled back now. */
export function refusalOfRollback(
  { environment, choices, isUnderWay, ...way }: Rollback,
  t: Translate,
): string | undefined {
  const refusal = refusalOfWay({ action: 'rollback', ...way }, t);
  if (refusal !== undefined) return refusal;
  if (environment === null) return t('actions.noEnvironment');
  if (isUnderWay) return t('actions.underWay', { environment });
  return choices === 0 ? t('actions.nowhere', { environment }) : undefined;
}
