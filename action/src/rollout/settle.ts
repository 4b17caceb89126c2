import {
  formatObjectRef,
  isGating,
  ModelpierError,
  type Status,
  worst,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, ObjectReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { type Assessment, Assessor } from './assess';
import { endOf, type Limit } from './deadline';
import type { Mirror } from './mirror';
import { Reading } from './reading';
import { Steadiness } from './steadiness';
import type { Tracked } from './tracked';

/** Health is looked at with each change, and this often without one: time alone fails a rollout too. */
const LOOK_EVERY_MS = 2_000;
/** The kubelet writes an event after the state that it explains. */
const EVENTS_TRAIL_MS = 1_000;

export type Outcome = 'steady' | 'already-healthy' | 'failed' | 'timed-out';

export interface SettleOptions extends Waiting {
  readonly clock: Clock;
  readonly limit: Limit;
  /** Nothing was changed: what is healthy now needs no proof that it stays so. */
  readonly isUnchanged: boolean;
  readonly onStatus: (tracked: Tracked, status: Status) => void;
}

export interface Settled {
  readonly outcome: Outcome;
  readonly last: Assessment;
}

/**
 * Waits until every object that gates the release is Current, one has Failed, or the time is over. Where readiness
 * alone proves little, all have to stay Current for 5 s, begun anew where one leaves it; else the verdict falls with
 * the change that completes the rollout, when `kubectl rollout status` returns too.
 */
export async function settle(
  tracked: readonly Tracked[],
  { mirror, reader }: { readonly mirror: Mirror; readonly reader: ObjectReader },
  options: SettleOptions,
): Promise<Settled> {
  const { clock, limit, isUnchanged, signal } = options;
  const assessor = new Assessor(mirror);
  const told = new Map<Tracked, string>();
  const unwatched = new Reading(reader);
  const startedAt = clock.now();
  const steadiness = new Steadiness();
  for (;;) {
    const { version } = mirror;
    const now = clock.now();
    const last = assessor.assess(tracked, now);
    tell(last, told, options);
    const { state } = worst(gatingOf(last).map(([, status]) => status));
    if (state === 'Failed')
      return { outcome: 'failed', last: await withLateWarnings(last, assessor, options) };
    const mayBeOld = gatingOf(last).some(([each]) => unwatched.mayBeOld(each));
    steadiness.look(last, { now, isCurrent: state === 'Current' && !mayBeOld });
    const outcome = steadiness.outcome({ now, isUnchanged });
    if (outcome !== undefined) return { outcome, last };
    const endsAt = endOf(
      limit,
      startedAt,
      tracked.map(({ progress }) => progress),
    );
    if (now >= endsAt) return { outcome: 'timed-out', last };
    const untilMs = Math.min(endsAt, steadiness.untilMs);
    await nextLook(mirror, version, { clock, ms: Math.min(LOOK_EVERY_MS, untilMs - now), signal });
    if (signal?.aborted === true) throw cancelled(last, signal);
    await unwatched.refresh(last, { now: clock.now(), signal });
  }
}

const gatingOf = ({ statuses }: Assessment): readonly (readonly [Tracked, Status])[] =>
  [...statuses].filter(([{ ref }, status]) => isGating(ref, status));

/** The verdict as it fell, with the events that follow a pod's trouble a moment later. */
async function withLateWarnings(
  last: Assessment,
  assessor: Assessor,
  { clock, signal }: SettleOptions,
): Promise<Assessment> {
  await clock.sleep(EVENTS_TRAIL_MS, signal).catch(() => undefined);
  const { warnings } = assessor.assess([], clock.now());
  return { ...last, warnings };
}

function tell({ statuses }: Assessment, told: Map<Tracked, string>, { onStatus }: SettleOptions): void {
  for (const [tracked, status] of statuses) {
    const text = JSON.stringify(status);
    if (told.get(tracked) === text) continue;
    told.set(tracked, text);
    onStatus(tracked, status);
  }
}

/** Until something changes, or the time has passed. */
async function nextLook(
  mirror: Mirror,
  version: number,
  { clock, ms, signal }: Waiting & { readonly clock: Clock; readonly ms: number },
): Promise<void> {
  const over = new AbortController();
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const slept = clock.sleep(Math.max(ms, 0), either).catch(() => undefined);
  try {
    await Promise.race([slept, mirror.newerThan(version, { signal: either })]);
  } finally {
    over.abort();
    await slept;
  }
}

function cancelled({ statuses }: Assessment, signal: AbortSignal): ModelpierError {
  const open = [...statuses].filter(([, { state }]) => state !== 'Current');
  const shown = open.map(([{ ref }, { message }]) => `${formatObjectRef(ref)}: ${message}`);
  return new ModelpierError(
    'cancelled',
    `wait for the rollout: cancelled${shown.length === 0 ? '' : `; ${shown.join('; ')}`}`,
    { hint: 'what was applied goes on rolling out in the cluster', cause: signal.reason },
  );
}
