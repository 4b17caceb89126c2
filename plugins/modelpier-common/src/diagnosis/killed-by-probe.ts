import { formatDuration } from '../format';
import { endOf, nameOf, type Scene, times } from './container-scene';
import type { Finding } from './diagnosis';
import type { Probe } from './evidence';
import { containerField } from './facts';

const KILLED = 137;
const TERMINATED = 143;

/** The kubelet ends and restarts a container whose startup or liveness probe fails. */
export function killedByProbe(scene: Scene): Finding | undefined {
  const kind = killingProbe(scene);
  if (kind === undefined) return undefined;
  const { name, restarts, [kind]: probe } = scene.container;
  const field = containerField(name, `${kind}Probe.failureThreshold`);
  const allowed = probe === undefined ? '' : `, which allows it ${budgetOf(probe)}`;
  const said = lastWordsOf(kind, scene);
  return {
    cause: 'probe',
    explanation: `${nameOf(scene)} was restarted ${times(restarts)} by its ${kind} probe${allowed}${said === '' ? '' : `: ${said}`}`,
    fix:
      kind === 'startup'
        ? `give it time to load its model: raise \`${field}\`${probe === undefined ? '' : ` to ${probe.failureThreshold * 4}`}; where that does not help, correct the probe's port and path`
        : `add a \`startupProbe\`, so that loading counts as such, or raise \`${field}\`; else correct the probe's port and path`,
    field,
  };
}

function killingProbe({ container, events }: Scene): 'startup' | 'liveness' | undefined {
  const exitCode = endOf(container)?.exitCode;
  if (exitCode !== KILLED && exitCode !== TERMINATED) return undefined;
  return (['startup', 'liveness'] as const).find(kind =>
    events.some(({ reason, message }) => reason === 'Killing' && message.includes(`failed ${kind} probe`)),
  );
}

function lastWordsOf(kind: string, { events }: Scene): string {
  const failed = events.findLast(
    ({ reason, message }) => reason === 'Unhealthy' && message.toLowerCase().startsWith(`${kind} probe`),
  );
  return failed?.message.replace(/^\w+ probe (?:failed|errored): /, '') ?? '';
}

/** How long a probe may fail before the kubelet acts: "30 s (3 tries, 10 s apart)". */
const budgetOf = ({ initialDelaySeconds, periodSeconds, failureThreshold }: Probe): string =>
  `${formatDuration((initialDelaySeconds + periodSeconds * failureThreshold) * 1000)} (${failureThreshold} tries, ${formatDuration(periodSeconds * 1000)} apart)`;
