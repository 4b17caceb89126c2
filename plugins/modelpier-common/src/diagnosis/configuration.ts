import { nameOf, type Scene } from './container-scene';
import type { Finding } from './diagnosis';
import type { EventEvidence, PodEvidence } from './evidence';

const MISSING =
  /(secret|configmap|persistentvolumeclaim|serviceaccount|runtimeclass\S*) "?([^"\s]+)"? (?:does )?not (?:found|exist)/i;
const MISSING_KEY =
  /couldn't find key (\S+) in (Secret|ConfigMap) (?:[^/\s]+\/)?(\S+)|references non-existent (?:secret|config) key: (\S+)/;
const RUNS_AS_ROOT = /runAsNonRoot|run as root|run as non-root|breaks non-root policy|non-numeric user/;

/** What a container names and the cluster does not have, or forbids: the kubelet says so and waits. */
export function badConfiguration(scene: Scene): Finding | undefined {
  const { reason, message = '' } = scene.container.state?.waiting ?? {};
  if (reason !== 'CreateContainerConfigError') return undefined;
  return (
    missing(nameOf(scene), message) ?? {
      cause: RUNS_AS_ROOT.test(message) ? 'runs-as-root' : 'container-refused',
      explanation: `${nameOf(scene)} cannot be created: ${message.replace(/ \(pod: .*\)$/, '')}`,
      fix: RUNS_AS_ROOT.test(message)
        ? 'give the image a numeric user other than 0 (`USER 65532`), or set `securityContext.runAsUser`'
        : 'correct what the message names in the manifest',
    }
  );
}

/** A thing, or a key in it, that is not there. */
export const missing = (who: string, message: string): Finding | undefined =>
  missingKey(who, message) ?? missingThing(who, message);

function missingKey(who: string, message: string): Finding | undefined {
  const [, keyOfHolder, kind = '', holder = '', keyOfVolume] = MISSING_KEY.exec(message) ?? [];
  const key = keyOfHolder ?? keyOfVolume;
  if (key === undefined) return undefined;
  const where = kind === '' ? 'what its volume names' : `${kind} ${holder}`;
  return {
    cause: 'missing-object',
    explanation: `${who} needs the key ${key}, which ${where} does not have`,
    fix: `add the key to ${where}, or correct the reference to it`,
  };
}

function missingThing(who: string, message: string): Finding | undefined {
  const [, kind = '', name] = MISSING.exec(message) ?? [];
  if (name === undefined) return undefined;
  const thing = `${KINDS[kind.toLowerCase()] ?? kind} ${name}`;
  return {
    cause: 'missing-object',
    explanation: `${who} needs ${thing}, which is not there`,
    fix: `create ${thing} in the namespace first (or add it to \`manifests\`), or correct the reference to it`,
  };
}

const KINDS: Readonly<Record<string, string>> = {
  secret: 'Secret',
  configmap: 'ConfigMap',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  serviceaccount: 'ServiceAccount',
};

const MOUNTS = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'];

/** A pod whose volumes keep its containers from being created. */
export function volumeFailure(pod: PodEvidence, events: readonly EventEvidence[]): Finding | undefined {
  const hasStarted = pod.containers.some(
    ({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated,
  );
  const failed =
    events.findLast(
      ({ reason, message }) =>
        MOUNTS.includes(reason) && !/timed out waiting for the condition/.test(message),
    ) ?? events.findLast(({ reason }) => MOUNTS.includes(reason));
  if (failed === undefined || hasStarted) return undefined;
  const volume = /for volume "([^"]+)"/.exec(failed.message)?.[1];
  const who = `volume ${volume ?? ''} of pod ${pod.ref.name}`.replace('  ', ' ');
  const why = failed.message.replace(/^MountVolume\.\w+ failed for volume "[^"]*" ?: /, '');
  const fix = /Multi-Attach/.test(failed.message)
    ? 'a volume of access mode ReadWriteOnce is held by a pod on another node: use `strategy.type: Recreate`, or a volume that many may mount'
    : `correct \`volumes[${volume ?? ''}]\`, or what it stands on`;
  return (
    missing(who, why) ?? {
      cause: 'volume',
      explanation: `${who} cannot be mounted: ${why}`,
      fix,
      field: `volumes[${volume ?? ''}]`,
    }
  );
}
