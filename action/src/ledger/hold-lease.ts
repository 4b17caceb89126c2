import { formatDuration, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { isFree, LEASE_SECONDS, microTime, readLease, type SeenLease, writeLease } from './lease';
import type { LedgerPlace } from './place';

const RENEW_EVERY_MS = 10_000;
/** Well before others may take the lease for free. */
const LOST_AFTER_MS = 40_000;
const LOOK_EVERY_MS = 2_000;
/** No clock of a machine that can verify certificates is off by more. */
const LARGEST_SKEW_MS = 5 * 60_000;
/** For one word to the cluster, also when the run is being stopped. */
const ANSWER_WITHIN_MS = 3_000;

export interface HoldLeaseOptions extends Waiting {
  readonly place: LedgerPlace;
  /** Unlike that of any other step; begins with the address of the run, for those who wait. */
  readonly holder: string;
  readonly clock: Clock;
  /** The longest wait for the lease. */
  readonly waitMs: number;
  /** Called before the first try to take it. */
  readonly onTake?: (() => void) | undefined;
  /** Told once for each run that is waited for. */
  readonly onWait?: ((holder: string) => void) | undefined;
}

/** Does the work while no other release of the model is under way; its signal is aborted where the lease is lost. */
export async function holdLease<T>(
  options: HoldLeaseOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  options.onTake?.();
  const held = new HeldLease(options, await acquireOrLeave(options));
  try {
    return await work(held.signal);
  } catch (error) {
    throw held.lost ?? error;
  } finally {
    await held.end();
  }
}

/** Whoever gives up in the middle of a write may hold the lease all the same. */
const acquireOrLeave = (options: HoldLeaseOptions): Promise<SeenLease> =>
  acquireLease(options).catch(async (error: unknown) => {
    await releaseLease(options).catch(() => undefined);
    throw error;
  });

async function acquireLease(options: HoldLeaseOptions): Promise<SeenLease> {
  const { place, clock, waitMs, signal, onWait } = options;
  const watch = new Others(clock);
  const deadline = clock.now() + waitMs;
  for (;;) {
    const found = await readLease(place, { signal });
    const { holderIdentity: other = '' } = found.spec;
    if (isFree(found) || watch.isExpired(found)) {
      const taken = await take(options, found);
      if (taken !== undefined) return taken;
      continue;
    }
    if (watch.isNew(other)) onWait?.(runOf(other));
    const leftMs = deadline - clock.now();
    if (leftMs <= 0) throw occupied(options, other);
    await clock.sleep(Math.min(LOOK_EVERY_MS, leftMs), signal);
  }
}

function take({ place, holder, clock, signal }: HoldLeaseOptions, found: SeenLease) {
  const now = clock.now();
  const leaseTransitions = found.live === undefined ? 0 : (found.spec.leaseTransitions ?? 0) + 1;
  const spec = { holderIdentity: holder, acquireTime: microTime(now), leaseTransitions };
  return writeLease(place, found, { holder, now, spec, signal });
}

/** What was seen of other holders. Clocks differ, so that silence is measured by our own. */
class Others {
  readonly #told = new Set<string>();
  #seen = '';
  #since = 0;

  constructor(private readonly clock: Clock) {}

  isNew(holder: string): boolean {
    const isNew = !this.#told.has(holder);
    this.#told.add(holder);
    return isNew;
  }

  isExpired({ spec }: SeenLease): boolean {
    const { holderIdentity = '', renewTime = '', leaseDurationSeconds = LEASE_SECONDS } = spec;
    const now = this.clock.now();
    const lastWord = `${holderIdentity} ${renewTime}`;
    if (lastWord !== this.#seen) {
      this.#seen = lastWord;
      this.#since = now;
    }
    const lastsMs = leaseDurationSeconds * 1000;
    const renewedAt = Date.parse(renewTime);
    const isLongPast = !(now - renewedAt < lastsMs + LARGEST_SKEW_MS);
    return isLongPast || now - this.#since >= lastsMs;
  }
}

function occupied({ place, waitMs }: HoldLeaseOptions, holder: string): ModelpierError {
  const { model, namespace } = place;
  return new ModelpierError(
    'conflict',
    `release ${model} to ${namespace}: after ${formatDuration(waitMs)} another release of it is still under way: ${runOf(holder)}`,
    { hint: 'let it end or cancel it, then run this again; `timeout` bounds the wait' },
  );
}

/** The address of the run without what tells its steps apart. */
const runOf = (holder: string): string => holder.split('#')[0] ?? holder;

/** Gives the lease back where the holder has it, whatever became of its last renewal. */
export async function releaseLease({
  place,
  holder,
  clock,
}: Pick<HoldLeaseOptions, 'place' | 'holder' | 'clock'>): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  for (;;) {
    const found = await readLease(place, { signal });
    if (found.spec.holderIdentity !== holder) return;
    const spec = { ...found.spec, holderIdentity: '' };
    if ((await writeLease(place, found, { holder, now: clock.now(), spec, signal })) !== undefined) return;
  }
}

/** A lease while it is ours: renewed now and then, and given back in the end. */
class HeldLease {
  readonly #options: HoldLeaseOptions;
  readonly #over = new AbortController();
  readonly #stop = new AbortController();
  readonly #renewing: Promise<void>;
  readonly signal: AbortSignal;
  lost: ModelpierError | undefined;
  #lease: SeenLease;

  constructor(options: HoldLeaseOptions, lease: SeenLease) {
    this.#options = options;
    this.#lease = lease;
    const { signal } = options;
    this.signal = signal === undefined ? this.#over.signal : AbortSignal.any([signal, this.#over.signal]);
    this.#renewing = this.#keepRenewing();
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    // Without a word it is free a minute later.
    if (this.lost === undefined) await releaseLease(this.#options).catch(() => undefined);
  }

  async #keepRenewing(): Promise<void> {
    const { clock } = this.#options;
    let renewedAt = clock.now();
    while (this.lost === undefined) {
      const isOn = await clock.sleep(RENEW_EVERY_MS, this.#stop.signal).then(
        () => true,
        () => false,
      );
      if (!isOn) return;
      if (await this.#renew()) renewedAt = clock.now();
      else if (clock.now() - renewedAt >= LOST_AFTER_MS) this.#lose('it could not be renewed');
    }
  }

  /** Whether it worked; another holder ends it, and a cluster that does not answer may do so the next time. */
  async #renew(): Promise<boolean> {
    const { place, holder, clock } = this.#options;
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    try {
      const now = clock.now();
      const { spec } = this.#lease;
      const renewed = await writeLease(place, this.#lease, {
        holder,
        now,
        spec: { ...spec, renewTime: microTime(now) },
        signal,
      });
      if (renewed !== undefined) this.#lease = renewed;
      if (renewed !== undefined) return true;
      this.#lease = await readLease(place, { signal });
      const { holderIdentity: other = '' } = this.#lease.spec;
      if (other !== holder) this.#lose(other === '' ? 'somebody gave it back' : `${runOf(other)} took it`);
      return false;
    } catch {
      return false;
    }
  }

  #lose(reason: string): void {
    const { model, namespace } = this.#options.place;
    this.lost = new ModelpierError(
      'conflict',
      `release ${model} to ${namespace}: stopped, for its lease is lost: ${reason}`,
      {
        hint: 'what was applied stays as it is; look what the other release made of it, then run this again',
      },
    );
    this.#over.abort(this.lost);
  }
}
