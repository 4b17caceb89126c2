import {
  type Golden,
  goldenPath,
  type GoldenRun,
  hasCode,
  isUnknownPath,
  modelQuestions,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type Clock,
  createServerCaller,
  isSilentHost,
  type ServerCaller,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { askGolden, BUSY_PAUSE_MS, type GoldenAnswers } from '../golden/ask-golden';
import type { Container } from './container';

/** As long as the startup probe of a generated manifest: weights may take minutes to load. */
const READY_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 200;
/** After so many tries without a word from its address, it is not reached from here. */
const MOST_SILENT_TRIES = 3;

interface Asking extends Waiting {
  readonly golden: Golden;
  readonly model: string;
  readonly port: number;
  readonly clock: Clock;
}

type Answers = GoldenAnswers & Pick<GoldenRun, 'coldStartMs'>;

/** Waits until the server of a container that was just started is ready, and asks it the cases. */
export async function askContainer(container: Container, asking: Asking): Promise<Answers> {
  const { address } = container;
  if (address === undefined) return failed((await container.ending()) ?? 'it has no address');
  const caller = createServerCaller(new URL(`http://${address}:${asking.port}`));
  try {
    return await askServer(caller, container, asking);
  } finally {
    caller.close();
  }
}

async function askServer(caller: ServerCaller, container: Container, asking: Asking): Promise<Answers> {
  const { golden, model, clock, signal } = asking;
  const begunAt = clock.now();
  const trouble = await untilReady(caller, container, asking);
  if (trouble !== undefined) return trouble;
  const coldStartMs = Math.round(clock.now() - begunAt);
  const path = goldenPath(model);
  try {
    const answers = await askGolden(golden, {
      ask: body => caller.callServer({ method: 'POST', path, body }, { signal }),
      now: () => clock.now(),
      pause: () => clock.sleep(BUSY_PAUSE_MS, signal),
    });
    return { ...answers, coldStartMs };
  } catch (error) {
    if (!hasCode(error, 'unreachable', 'timeout', 'too-large')) throw error;
    const ending = await container.ending();
    return { ...failed(ending === undefined ? error.message : `of a request, ${ending}`), coldStartMs };
  }
}

/** Nothing once it is ready; else why it does not get so. */
async function untilReady(
  caller: ServerCaller,
  container: Container,
  { clock, model, signal }: Asking,
): Promise<Answers | undefined> {
  const until = clock.now() + READY_WITHIN_MS;
  const { serverReady: path } = modelQuestions(model);
  let silent = 0;
  while (clock.now() < until) {
    try {
      const answer = await caller.callServer({ method: 'GET', path }, { signal });
      if (answer.status === 200) return undefined;
      if (isUnknownPath(answer)) return notRun('it does not speak the Open Inference Protocol');
      silent = 0;
    } catch (error) {
      if (!hasCode(error, 'unreachable', 'timeout')) throw error;
      silent = isSilentHost(error) ? silent + 1 : 0;
    }
    const ending = await container.ending();
    if (ending !== undefined) return failed(`before it was ready, ${ending}`);
    if (silent >= MOST_SILENT_TRIES) return notRun('its containers are not reached from this machine');
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return failed(`it was not ready within ${READY_WITHIN_MS / 60_000} minutes`);
}

const failed = (reason: string): Answers => ({ verdict: 'failed', requests: 0, reason });
const notRun = (reason: string): Answers => ({ verdict: 'not-run', requests: 0, reason });
