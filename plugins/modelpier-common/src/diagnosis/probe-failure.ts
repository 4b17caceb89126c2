import { formatDuration } from '../format';
import { nameOf, type Scene } from './container-scene';
import type { Finding } from './diagnosis';
import type { EventEvidence, Probe, ProbeKind } from './evidence';
import { containerField } from './facts';

const UNHEALTHY = /^(Readiness|Liveness|Startup) probe (?:failed|errored): ([\s\S]*)$/;
/** What servers say of where they listen: uvicorn, gunicorn, http.server, node. */
const LISTENS = /\b(?:running|listening|serving|started)\b/i;
const ADDRESS = /(?:\/\/|\s|\()(\[?[\w.:*-]+?\]?):(\d{2,5})\b|\bport[ =:]*(\d{2,5})\b/i;
const LOOPBACK = /^(?:127\.|localhost$|\[?::1\]?$)/;

/** A container that runs and is not ready: what its probe asks, what it is told, and which of the two is wrong. */
export function probeFailure(scene: Scene): Finding | undefined {
  const { container } = scene;
  if (container.ready || container.state?.running === undefined) return undefined;
  const failed = lastFailure(scene);
  if (failed === undefined) return undefined;
  const { kind, said, event } = failed;
  const probe = container[kind];
  const field = `${kind}Probe`;
  const row = ROWS.find(({ says }) => says.test(said));
  const advice = row?.advise({ scene, probe, kind, said }) ?? {
    what: said,
    fix: `mend what the probe runs into, or correct \`${containerField(container.name, field)}\``,
  };
  return {
    cause: 'probe',
    explanation: `${nameOf(scene)} runs but its ${kind} probe fails (${formatTimes(event.count)}): ${probe === undefined ? '' : `${asks(probe)}: `}${advice.what}`,
    fix: advice.fix,
    field: containerField(container.name, advice.field ?? field),
  };
}

const formatTimes = (count: number): string => (count === 1 ? 'once so far' : `${count} times so far`);

function lastFailure({ events }: Scene): { kind: ProbeKind; said: string; event: EventEvidence } | undefined {
  for (const event of [...events].reverse()) {
    const [, kind, said] = UNHEALTHY.exec(event.message) ?? [];
    if (event.reason !== 'Unhealthy' || kind === undefined || said === undefined) continue;
    return { kind: kind.toLowerCase() as ProbeKind, said: said.trim(), event };
  }
  return undefined;
}

const asks = ({ by, port = '', path }: Probe): string => {
  if (by === 'http') return `GET ${path ?? '/'} on port ${port}`;
  return by === 'exec' ? 'its command' : `${by.toUpperCase()} on port ${port}`;
};

interface Asked {
  readonly scene: Scene;
  readonly probe: Probe | undefined;
  readonly kind: ProbeKind;
  readonly said: string;
}
interface Advice {
  readonly what: string;
  readonly fix: string;
  readonly field?: string | undefined;
}

/** In the words of the kubelet's probers (kubernetes/pkg/probe). */
const ROWS: readonly { readonly says: RegExp; readonly advise: (asked: Asked) => Advice }[] = [
  { says: /statuscode: 404/, advise: wrongPath },
  {
    says: /statuscode: (?:401|403)/,
    advise: ({ said, kind }) => ({
      what: `answers ${codeOf(said)}`,
      fix: `let the path of \`${kind}Probe\` be asked without a login`,
    }),
  },
  {
    says: /statuscode: 5\d\d/,
    advise: ({ said, kind }) => ({
      what: `answers ${codeOf(said)}: the server runs and says that it is not ready`,
      fix: `read its log for what it waits for${slow(kind)}`,
    }),
  },
  {
    says: /statuscode: /,
    advise: ({ said, kind }) => ({
      what: `answers ${codeOf(said)}`,
      fix: `let the path of \`${kind}Probe\` answer 200`,
    }),
  },
  { says: /connection refused/, advise: nothingListens },
  {
    says: /couldn't find port|unable to find port/i,
    advise: ({ said, kind }) => ({
      what: said,
      fix: `name a port of the container in \`${kind}Probe\``,
      field: `${kind}Probe.httpGet.port`,
    }),
  },
  { says: /deadline exceeded|Client\.Timeout|i\/o timeout|timed out/, advise: noAnswer },
  {
    says: /server gave HTTP response to HTTPS client|tls:|malformed HTTP response|EOF$/,
    advise: ({ said, kind }) => ({
      what: said,
      fix: `correct \`${kind}Probe.httpGet.scheme\` and port`,
      field: `${kind}Probe.httpGet.scheme`,
    }),
  },
];

const codeOf = (said: string): string => /statuscode: (\d+)/.exec(said)?.[1] ?? '';

/** A readiness probe may fail as long as the rollout's deadline lets it; a startup probe ends the container. */
const slow = (kind: ProbeKind): string =>
  `; where it only needs longer, raise \`${kind === 'startup' ? 'startupProbe.failureThreshold' : 'progressDeadlineSeconds'}\``;

function wrongPath({ probe, kind }: Asked): Advice {
  return {
    what: 'answers 404',
    fix: `correct the path ${probe?.path ?? ''} in \`${kind}Probe.httpGet.path\`; a server of the Open Inference Protocol answers /v2/health/ready and /v2/health/live`,
    field: `${kind}Probe.httpGet.path`,
  };
}

function nothingListens({ scene, probe, kind }: Asked): Advice {
  const port = probe?.port ?? 'the port';
  const heard = listens(scene);
  const field = `${kind}Probe.${probe?.by === 'tcp' ? 'tcpSocket' : 'httpGet'}.port`;
  if (heard?.isLoopback === true) {
    return {
      what: `nothing answers on port ${port}, for the server listens on loopback only: ${JSON.stringify(heard.line)}`,
      fix: 'let the server listen on 0.0.0.0, not on the loopback address',
    };
  }
  if (heard !== undefined && heard.port !== port) {
    return {
      what: `nothing listens on port ${port}; its log says ${JSON.stringify(heard.line)}`,
      fix: `ask port ${heard.port}: correct \`${portField(scene, field)}\``,
      field,
    };
  }
  const others = scene.container.ports.filter(each => each !== port);
  if (others.length > 0 && !scene.container.ports.includes(port)) {
    return {
      what: `nothing listens on port ${port}; the container declares ${others.join(', ')}`,
      fix: `correct \`${field}\``,
      field,
    };
  }
  return {
    what: `nothing listens on port ${port} yet`,
    fix: `see in the log whether the server still loads its model, and on which port it listens (\`${portField(scene, field)}\`)${slow(kind)}`,
    field,
  };
}

const portField = ({ facts }: Scene, field: string): string =>
  facts.isGenerated ? 'spec.runtime.port' : field;

/** Where the server says that it listens. */
function listens({ container }: Scene): { port: string; line: string; isLoopback: boolean } | undefined {
  for (const line of [...(container.log ?? [])].reverse()) {
    if (!LISTENS.test(line)) continue;
    const [, host = '', portOfHost, portAlone] = ADDRESS.exec(line) ?? [];
    const port = portOfHost ?? portAlone;
    if (port !== undefined) return { port, line: line.trim(), isLoopback: LOOPBACK.test(host) };
  }
  return undefined;
}

function noAnswer({ probe, kind }: Asked): Advice {
  return {
    what: `no answer within ${formatDuration((probe?.timeoutSeconds ?? 1) * 1000)}`,
    fix: `raise \`${kind}Probe.timeoutSeconds\` where the server is only slow, or give it more CPU; a server that never answers hangs: read its log`,
    field: `${kind}Probe.timeoutSeconds`,
  };
}
