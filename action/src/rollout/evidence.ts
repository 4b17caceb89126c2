import {
  newPods,
  plainLine,
  type Pod,
  podHealth,
  type RolloutEvent,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Assessment } from './assess';
import type { Tracked } from './tracked';

/** Enough to see whether all fail alike. */
const SHOWN_PODS = 5;
const SHOWN_WARNINGS = 3;

/** An event whose time is still to be written. */
type Untimed = Omit<RolloutEvent, 'atMs'>;

/** How each pod of the new revision that is not well stands, with the cluster's warnings about it. */
export function podEvidence({ statuses, context, warnings }: Assessment): readonly Untimed[] {
  const unwell = [...statuses].filter(([tracked, { state }]) => tracked.isWatched && state !== 'Current');
  return unwell.flatMap(([tracked]) =>
    podsOf(tracked, { statuses, context, warnings })
      .map(pod => ({ pod, status: podHealth(pod, context) }))
      .filter(({ status }) => status.state !== 'Current')
      .slice(0, SHOWN_PODS)
      .map(({ pod, status }) => ({
        object: { apiVersion: 'v1', kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name },
        status: { ...status, message: [status.message, ...warningsOf(pod, warnings)].join('; ') },
      })),
  );
}

const podsOf = ({ object }: Tracked, { context }: Assessment): readonly Pod[] =>
  object === undefined ? [] : newPods(object, context);

const warningsOf = (
  { metadata: { name, namespace } }: Pod,
  warnings: Assessment['warnings'],
): readonly string[] =>
  warnings
    .filter(({ involvedObject }) => involvedObject.name === name && involvedObject.namespace === namespace)
    .slice(-SHOWN_WARNINGS)
    .map(({ reason = 'Warning', message = '' }) => `event ${reason}: ${plainLine(message)}`);
