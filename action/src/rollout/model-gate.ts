import {
  type ExpectedModel,
  hasCode,
  MODEL_NOT_ASKED,
  modelHealth,
  type ServerAnswer,
  modelQuestions,
  type ModelpierError,
  type Pod,
  type Status,
  worst,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, PodCaller, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { modelPods } from './model-pods';
import { modelPort } from './model-port';
import type { Settled } from './settle';
import type { Tracked } from './tracked';

/** Its pods are ready by their probes already; what does not answer now will not for long. */
const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 1_000;

export interface ModelGateOptions extends Waiting, ExpectedModel {
  readonly caller: PodCaller;
  readonly clock: Clock;
  readonly onStatus: (tracked: Tracked, status: Status) => void;
}

/** A settled rollout with the workloads of which a pod spoke of its model. */
export interface Asked extends Settled {
  readonly reached: ReadonlySet<Tracked>;
}

/** Asks each new pod of a healthy rollout for its model; what they say is the last word on the workload. */
export async function passModelGate(settled: Settled, options: ModelGateOptions): Promise<Asked> {
  const statuses = new Map(settled.last.statuses);
  const reached = new Set<Tracked>();
  for (const tracked of statuses.keys()) {
    const words = await askWorkload(tracked, settled, options);
    if (words.length === 0) continue;
    if (words.some(({ reason }) => reason !== MODEL_NOT_ASKED)) reached.add(tracked);
    const word = worst(words);
    options.onStatus(tracked, word);
    if (word.state !== 'Current') statuses.set(tracked, word);
  }
  return { ...withStatuses(settled, statuses), reached };
}

/** The rollout as it stands by what its workloads were found to be; one that has failed fails it. */
export function withStatuses(settled: Settled, statuses: ReadonlyMap<Tracked, Status>): Settled {
  const hasFailed = [...statuses.values()].some(({ state }) => state === 'Failed');
  return { outcome: hasFailed ? 'failed' : settled.outcome, last: { ...settled.last, statuses } };
}

/** The word of each pod that serves the image. */
async function askWorkload(
  tracked: Tracked,
  settled: Settled,
  options: ModelGateOptions,
): Promise<readonly Status[]> {
  const { pods, containers } = modelPods(tracked, settled);
  if (pods.length === 0) return [];
  const until = options.clock.now() + PATIENCE_MS;
  for (;;) {
    const said = await Promise.all(pods.map(pod => askPod(pod, containers, options)));
    if (worst(said).state !== 'InProgress') return said;
    if (options.clock.now() >= until) return said.map(givenUp);
    await options.clock.sleep(ASK_AGAIN_MS, options.signal);
  }
}

/** What is not ready by the end of our patience has failed. */
const givenUp = (said: Status): Status => (said.state === 'InProgress' ? { ...said, state: 'Failed' } : said);

async function askPod(
  pod: Pod,
  containers: readonly string[],
  { caller, model, version, signal }: ModelGateOptions,
): Promise<Status> {
  const port = modelPort(pod, containers);
  if (port === undefined) return notAsked(`container ${containers.join(', ')} declares no port`);
  const { name, namespace = 'default' } = pod.metadata;
  const ask = (path: string): Promise<ServerAnswer> =>
    caller.callPod({ namespace, name, port }, { method: 'GET', path }, { signal });
  const { serverReady, modelReady, metadata } = modelQuestions(model);
  try {
    const answers = {
      serverReady: await ask(serverReady),
      modelReady: await ask(modelReady),
      metadata: await ask(metadata),
    };
    const said = modelHealth(answers, { model, version });
    return { ...said, message: `pod ${name}: ${said.message}` };
  } catch (error) {
    if (!hasCode(error, ...UNANSWERED)) throw error;
    return notAsked(explain(error));
  }
}

const UNANSWERED = ['forbidden', 'not-found', 'upstream', 'timeout', 'unreachable', 'rate-limited'] as const;

const explain = ({ message, hint }: ModelpierError): string =>
  hint === undefined ? message : `${message}; to have it asked, ${hint}`;

/** The cluster's own word stands: a way to the pods is a right that not everyone grants. */
const notAsked = (why: string): Status => ({
  state: 'Current',
  reason: MODEL_NOT_ASKED,
  message: `the model was not asked for its version: ${why}`,
});
