import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};
