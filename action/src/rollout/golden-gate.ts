import {
  coldStartMs,
  formatCount,
  type GoldenAnswer,
  type GoldenRun,
  type GoldenVerdict,
  goldenPath,
  hasCode,
  isTooSlow,
  MODEL_NOT_ASKED,
  type ModelpierError,
  type Pod,
  type ReportedGolden,
  type Status,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Clock,
  mapBounded,
  type PodCaller,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { askGolden } from '../golden/ask-golden';
import { type GoldenCheck, notAsked, reportGolden } from '../golden/golden-check';
import { type Asked, withStatuses } from './model-gate';
import { modelPods } from './model-pods';
import { modelPort } from './model-port';
import type { Settled } from './settle';
import type { Tracked } from './tracked';

/** Pods that are asked at the same time: more of them would wait for each other's processors. */
const CONCURRENT_PODS = 2;
const BUSY_PAUSE_MS = 1_000;

export interface GoldenGateOptions extends Waiting {
  readonly caller: PodCaller;
  readonly clock: Clock;
  readonly check: GoldenCheck;
  readonly model: string;
  readonly onStatus: (tracked: Tracked, status: Status) => void;
}

/** Asks each new pod the cases of the golden file; a wrong or late answer fails its workload. */
export async function passGoldenGate(
  asked: Asked,
  options: GoldenGateOptions,
): Promise<Settled & { readonly golden: ReportedGolden }> {
  const statuses = new Map(asked.last.statuses);
  const runs: GoldenRun[] = [];
  for (const tracked of statuses.keys()) {
    const found = await runsOf(tracked, asked, options);
    if (found.length === 0) continue;
    runs.push(...found);
    const said = statusOf(found, options.check);
    options.onStatus(tracked, said);
    if (said.state !== 'Current') statuses.set(tracked, said);
  }
  const [first] = statuses.keys();
  if (runs.length === 0 && options.check.isRequired && first !== undefined)
    statuses.set(first, notRun('no pod runs the image', options.check));
  return { ...withStatuses(asked, statuses), golden: reportGolden(options.check, runs) };
}

/** Of each pod of the workload that serves the image. */
async function runsOf(
  tracked: Tracked,
  asked: Asked,
  options: GoldenGateOptions,
): Promise<readonly GoldenRun[]> {
  const { pods, containers } = modelPods(tracked, asked);
  const said = asked.said.get(tracked);
  if (said?.reason === MODEL_NOT_ASKED) return pods.map(pod => notAsked(subjectOf(pod), said.message));
  const runs = await mapBounded(pods, CONCURRENT_PODS, pod => askPod(pod, containers, options));
  return runs.filter(run => run !== undefined);
}

const subjectOf = ({ metadata }: Pod): string => `pod ${metadata.name}`;

/** Nothing where the pod is gone meanwhile. */
async function askPod(
  pod: Pod,
  containers: readonly string[],
  { caller, clock, check, model, signal }: GoldenGateOptions,
): Promise<GoldenRun | undefined> {
  const port = modelPort(pod, containers);
  const told = { subject: subjectOf(pod), coldStartMs: coldStartMs(pod, containers) };
  if (port === undefined) return notAsked(told.subject, 'it declares no port');
  const { name, namespace = 'default' } = pod.metadata;
  const request = { method: 'POST', path: goldenPath(model) } as const;
  try {
    const answers = await askGolden(check.golden, {
      ask: body => caller.callPod({ namespace, name, port }, { ...request, body }, { signal }).catch(asBusy),
      now: () => clock.now(),
      pause: () => clock.sleep(BUSY_PAUSE_MS, signal),
    });
    return { ...told, ...answers };
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    const verdict = verdictOf(error);
    if (verdict === undefined) throw error;
    return { ...told, verdict, requests: 0, reason: explain(error as ModelpierError) };
  }
}

/** An API server that has too much to do says nothing of the pod. */
function asBusy(error: unknown): GoldenAnswer {
  if (hasCode(error, 'rate-limited')) return { status: 429, text: error.message };
  throw error;
}

/** The pod was just asked for its model and answered: what does not answer now does not serve. */
function verdictOf(error: unknown): GoldenVerdict | undefined {
  if (hasCode(error, 'forbidden')) return 'not-run';
  return hasCode(error, 'upstream', 'timeout', 'unreachable', 'too-large') ? 'failed' : undefined;
}

const explain = ({ message, hint }: ModelpierError): string =>
  hint === undefined ? message : `${message}; ${hint}`;

function statusOf(runs: readonly GoldenRun[], check: GoldenCheck): Status {
  const failed = runs.filter(({ verdict }) => verdict === 'failed');
  const [first] = failed;
  if (first !== undefined) {
    const reason = isTooSlow(first) ? 'GoldenTooSlow' : 'GoldenFailed';
    return { state: 'Failed', reason, message: tell(first, failed.length) };
  }
  const silent = runs.find(({ verdict }) => verdict === 'not-run');
  if (silent !== undefined) return notRun(tell(silent), check);
  return { state: 'Current', reason: 'GoldenPassed', message: praise(runs, check) };
}

const notRun = (why: string, { isRequired }: GoldenCheck): Status => ({
  state: isRequired ? 'Failed' : 'Current',
  reason: 'GoldenNotRun',
  message: `the golden check was not run: ${why}`,
});

const tell = ({ subject, reason = '' }: GoldenRun, alike = 1): string =>
  `${subject}: ${reason}${alike === 1 ? '' : ` (${alike} pods fail)`}`;

/** `the golden check passes: 3 cases on 2 pods, p95 4.2 ms`. */
function praise(runs: readonly GoldenRun[], { golden: { cases } }: GoldenCheck): string {
  const slowest = Math.max(...runs.map(({ latency }) => latency?.p95Ms ?? 0));
  const [asked, answered] = [formatCount(cases.length, 'case'), formatCount(runs.length, 'pod')];
  return `the golden check passes: ${asked} on ${answered}, p95 ${slowest} ms`;
}
