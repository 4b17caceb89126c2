import {
  coldStartMs,
  formatCount,
  formatObjectRef,
  type GoldenAnswer,
  type GoldenRun,
  type GoldenVerdict,
  goldenPath,
  hasCode,
  isTooSlow,
  type ModelpierError,
  type Pod,
  type ReportedGolden,
  type Status,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Clock,
  mapBounded,
  type ObjectReader,
  type PodCaller,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { askGolden, BUSY_PAUSE_MS } from '../golden/ask-golden';
import { type GoldenCheck, notAsked, reportGolden } from '../golden/golden-check';
import { type Asked, withStatuses } from './model-gate';
import { modelPods } from './model-pods';
import { modelPort } from './model-port';
import type { Settled } from './settle';
import type { Tracked } from './tracked';

/** Pods that are asked at the same time: more of them would wait for each other's processors. */
const CONCURRENT_PODS = 2;

export interface GoldenGateOptions extends Waiting {
  readonly caller: PodCaller & Pick<ObjectReader, 'listObjects'>;
  readonly clock: Clock;
  readonly check: GoldenCheck;
  readonly model: string;
  /** When its time is over, by the clock. */
  readonly until: number;
  readonly onStatus: (tracked: Tracked, status: Status) => void;
}

/** Asks each new pod the cases of the golden file; a wrong or late answer fails its workload. */
export async function passGoldenGate(
  asked: Asked,
  options: GoldenGateOptions,
): Promise<Settled & { readonly golden: ReportedGolden }> {
  const statuses = new Map(asked.last.statuses);
  const runs: GoldenRun[] = [];
  const tell = (tracked: Tracked, said: Status): void => {
    options.onStatus(tracked, said);
    if (said.state !== 'Current') statuses.set(tracked, said);
  };
  for (const tracked of statuses.keys()) {
    const found = await runsOf(tracked, asked, options);
    if (found.length === 0) continue;
    runs.push(...found);
    tell(tracked, statusOf(found, options.check));
  }
  const [first] = [...statuses.keys()].sort((a, b) => Number(namesImage(b)) - Number(namesImage(a)));
  if (runs.length === 0 && first !== undefined) tell(first, notRun(NO_POD, options.check));
  return { ...withStatuses(asked, statuses), golden: reportGolden(options.check, runs) };
}

const NO_POD = 'no pod runs the image';
const namesImage = ({ digests }: Tracked): boolean => Object.keys(digests).length > 0;

/** Their pods come and go by their own time, and serve nobody. */
const BATCH = ['Job', 'CronJob'];

/** Of each pod of the workload that serves the image; none where it does not name it. */
async function runsOf(
  tracked: Tracked,
  asked: Asked,
  options: GoldenGateOptions,
): Promise<readonly GoldenRun[]> {
  const { pods, containers } = modelPods(tracked, asked);
  if (pods.length === 0) {
    const shouldServe = namesImage(tracked) && !BATCH.includes(tracked.ref.kind);
    return shouldServe ? [notAsked(formatObjectRef(tracked.ref), NO_POD)] : [];
  }
  const isReached = asked.reached.has(tracked);
  return mapBounded(pods, CONCURRENT_PODS, pod => askPod(pod, { containers, isReached }, options));
}

interface Way {
  readonly containers: readonly string[];
  /** Whether a pod of the workload was heard: what does not answer now does not serve. */
  readonly isReached: boolean;
}

async function askPod(
  pod: Pod,
  { containers, isReached }: Way,
  options: GoldenGateOptions,
): Promise<GoldenRun> {
  const { caller, clock, check, model, until, signal } = options;
  const port = modelPort(pod, containers);
  const { name, namespace = 'default' } = pod.metadata;
  const told = { subject: `pod ${name}`, coldStartMs: coldStartMs(pod, containers) };
  if (port === undefined) return notAsked(told.subject, 'it declares no port');
  const request = { method: 'POST', path: goldenPath(model) } as const;
  let requests = 0;
  const ask = async (body: string): Promise<GoldenAnswer> => {
    const answer = await caller.callPod({ namespace, name, port }, { ...request, body }, { signal });
    requests += 1;
    return answer;
  };
  try {
    const answers = await askGolden(check.golden, {
      ask: body => ask(body).catch(asBusy),
      now: () => clock.now(),
      until,
      pause: () => clock.sleep(BUSY_PAUSE_MS, signal),
    });
    return { ...told, ...answers };
  } catch (error) {
    if (hasCode(error, 'not-found') && (await isGone(pod, options)))
      return notAsked(told.subject, 'it is gone');
    const verdict = verdictOf(error, { hasAnswered: requests > 0, isReached });
    if (verdict === undefined) throw error;
    return { ...told, verdict, requests, reason: explain(error as ModelpierError) };
  }
}

/** By the API server's own word: a model could answer as if its pod were not there. */
async function isGone(
  { metadata: { name, namespace, uid } }: Pod,
  { caller, signal }: GoldenGateOptions,
): Promise<boolean> {
  const selection = { apiVersion: 'v1', kind: 'Pod', namespace, fieldSelector: `metadata.name=${name}` };
  for await (const { metadata } of caller.listObjects(selection, { signal }))
    if (metadata.uid === uid) return false;
  return true;
}

/** An API server that has too much to do says nothing of the pod. */
function asBusy(error: unknown): GoldenAnswer {
  if (hasCode(error, 'rate-limited')) return { status: 429, text: error.message };
  throw error;
}

/** Who answered one request may be asked the next; before that, silence may be that of the way there. */
function verdictOf(
  error: unknown,
  { hasAnswered, isReached }: { readonly hasAnswered: boolean; readonly isReached: boolean },
): GoldenVerdict | undefined {
  if (hasCode(error, 'too-large')) return 'failed';
  if (hasCode(error, 'forbidden', 'not-found')) return hasAnswered ? 'failed' : 'not-run';
  if (!hasCode(error, 'upstream', 'timeout', 'unreachable')) return undefined;
  return hasAnswered || isReached ? 'failed' : 'not-run';
}

const explain = ({ message, hint }: ModelpierError): string =>
  hint === undefined ? message : `${message}; ${hint}`;

function statusOf(runs: readonly GoldenRun[], check: GoldenCheck): Status {
  const failed = runs.filter(({ verdict }) => verdict === 'failed');
  const [first] = failed;
  if (first !== undefined) {
    const reason = isTooSlow(first) ? 'GoldenTooSlow' : 'GoldenFailed';
    return { state: 'Failed', reason, message: wordOf(first, failed.length) };
  }
  const silent = runs.find(({ verdict }) => verdict === 'not-run');
  if (silent !== undefined) return notRun(wordOf(silent), check);
  return { state: 'Current', reason: 'GoldenPassed', message: praise(runs, check) };
}

const notRun = (why: string, { isRequired }: GoldenCheck): Status => ({
  state: isRequired ? 'Failed' : 'Current',
  reason: 'GoldenNotRun',
  message: `the golden check was not run: ${why}`,
});

const wordOf = ({ subject, reason = '' }: GoldenRun, alike = 1): string =>
  `${subject}: ${reason}${alike === 1 ? '' : ` (${alike} pods fail)`}`;

/** `the golden check passes: 3 cases on 2 pods, p95 4.2 ms`. */
function praise(runs: readonly GoldenRun[], { golden: { cases } }: GoldenCheck): string {
  const slowest = Math.max(...runs.map(({ latency }) => latency?.p95Ms ?? 0));
  const [asked, answered] = [formatCount(cases.length, 'case'), formatCount(runs.length, 'pod')];
  return `the golden check passes: ${asked} on ${answered}, p95 ${slowest} ms`;
}
