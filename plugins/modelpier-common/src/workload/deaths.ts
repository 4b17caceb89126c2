import { containersOf } from './sightings';
import type { ContainerStatus, Pod } from './pod';

type Ending = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

/** How a container has died so far, as far as it was seen. */
export interface Deaths {
  /** Which death was seen last. */
  readonly last: string;
  readonly how: string;
  /** How many of the last ones were of one kind. */
  readonly alike: number;
  /** When the first of them was seen, by our own clock, in milliseconds since the epoch. */
  readonly since: number;
}
export type DeathsByContainer = ReadonlyMap<string, Deaths>;

/** What is known after a look at these pods; a pod that is gone is forgotten. */
export function observeDeaths(
  previous: DeathsByContainer,
  pods: readonly Pod[],
  now: number,
): DeathsByContainer {
  const next = new Map<string, Deaths>();
  for (const [key, status] of containersOf(pods)) {
    const ended = lastEnding(status);
    const before = previous.get(key);
    const deaths = ended === undefined ? before : seen(before, { ended, status, now });
    if (deaths !== undefined) next.set(key, deaths);
  }
  return next;
}

/** The end that the container met last; while it runs, that of the run before. */
export const lastEnding = ({ state, lastState }: ContainerStatus): Ending | undefined =>
  state?.terminated ?? lastState?.terminated;

interface Seen {
  readonly ended: Ending;
  readonly status: ContainerStatus;
  readonly now: number;
}

function seen(before: Deaths | undefined, { ended, status, now }: Seen): Deaths {
  const runs = status.state?.terminated === undefined ? status.restartCount : status.restartCount + 1;
  const last = ended.finishedAt ?? String(runs);
  if (before?.last === last) return before;
  const how = describeEnding(ended);
  return before?.how === how
    ? { ...before, last, alike: before.alike + 1 }
    : { last, how, alike: 1, since: now };
}

/** Times and addresses in the last words differ from run to run. */
const describeEnding = ({ exitCode, signal, reason, message }: Ending): string =>
  JSON.stringify([exitCode, signal, reason, message?.replace(/0x[0-9a-f]+|\d+/gi, '#')]);
