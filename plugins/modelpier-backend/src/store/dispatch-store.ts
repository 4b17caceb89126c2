import {
  type DispatchAnswer,
  dispatchAnswer,
  ModelpierError,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { DispatchRow } from '../database/rows';
import { readDocument } from '../database/values';

/** One intention of somebody, by the name that their browser gave it. */
export interface Intention {
  readonly modelId: number;
  readonly requestId: string;
  /** What is to be started, with what. */
  readonly asked: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Once {
  readonly begin: () => Promise<DispatchAnswer>;
  /** Whether nobody knows if it was started after all; then it is not begun again. */
  readonly isUncertain: (error: unknown) => boolean;
}

/** Begins what is intended once, whoever asks again; who does is answered as the first was. */
export async function beginOnce(
  knex: Knex,
  { modelId, requestId, asked, now }: Intention,
  { begin, isUncertain }: Once,
): Promise<DispatchAnswer> {
  const key = { model_id: modelId, request_id: requestId };
  const row: DispatchRow = { ...key, started_at: new Date(now).toISOString(), asked, answer: null };
  const taken = await knex<DispatchRow>('dispatches')
    .insert(row)
    .onConflict(['model_id', 'request_id'])
    .ignore()
    .returning('request_id');
  const own = () => knex<DispatchRow>('dispatches').where(key);
  if (taken.length === 0) return answerAgain(await own().first(), asked);
  let answer: DispatchAnswer;
  try {
    answer = await begin();
  } catch (error) {
    if (isUncertain(error)) throw uncertain(error);
    await own().delete();
    throw error;
  }
  // It was started: a row without its answer still lets nobody begin it again.
  await own()
    .update({ answer: JSON.stringify(answer) })
    .catch(() => undefined);
  return answer;
}

/** Under a code of its own, so that a page can tell it from a refusal. */
const uncertain = (error: unknown): ModelpierError =>
  error instanceof ModelpierError
    ? new ModelpierError('timeout', error.message, { hint: error.hint, cause: error })
    : new ModelpierError('timeout', 'nobody knows whether it was started', { cause: error });

function answerAgain(row: DispatchRow | undefined, asked: string): DispatchAnswer {
  if (row?.asked === asked && row.answer !== null)
    return readDocument(dispatchAnswer, row.answer, 'answer to a start');
  if (row === undefined || row.asked === asked)
    throw new ModelpierError('timeout', 'this was asked for before, and may have been started', {
      hint: 'look at the runs of the workflow; begin anew where there is none',
    });
  throw new ModelpierError('conflict', 'something else was asked for under this requestId', {
    hint: 'give each request a requestId of its own',
  });
}

/** Forgets what was started before; answers how many. */
export const forgetDispatches = (knex: Knex, before: string): Promise<number> =>
  knex<DispatchRow>('dispatches').where('started_at', '<', before).delete();
