import { setTimeout as sleep } from 'node:timers/promises';
import { holdLease, type HoldLeaseOptions } from './hold-lease';
import { hurriedClock, type LedgerStage, withLedger } from './ledger.fixture';

jest.setTimeout(30_000);

const RUN = 'https://github.test/acme/mnist/actions/runs';
const optionsOf = (
  { place }: LedgerStage,
  run: number,
  over: Partial<HoldLeaseOptions> = {},
): HoldLeaseOptions => ({
  place,
  holder: `${RUN}/${run}/attempts/1#${run}`,
  clock: hurriedClock,
  waitMs: 600_000,
  ...over,
});
const leaseOf = ({ server }: LedgerStage) =>
  server.list('coordination.k8s.io/v1', 'Lease')[0]?.spec as Record<string, string | number> | undefined;

/** Puts a lease there as another run would have left it. */
const plantLease = ({ server }: LedgerStage, renewedAt: number): void =>
  void server.create({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'modelpier-mnist', namespace: 'apps' },
    spec: {
      holderIdentity: `${RUN}/7/attempts/1#7`,
      leaseDurationSeconds: 60,
      renewTime: `${new Date(renewedAt).toISOString().slice(0, -1)}000Z`,
    },
  });

it('is held while the work goes on, renewed, and given back', () =>
  withLedger(async stage => {
    const seen = await holdLease(optionsOf(stage, 1), async () => {
      const first = leaseOf(stage);
      await sleep(200);
      return [first, leaseOf(stage)];
    });
    expect(seen[0]).toMatchObject({ holderIdentity: `${RUN}/1/attempts/1#1`, leaseDurationSeconds: 60 });
    expect(Date.parse(String(seen[1]?.renewTime))).toBeGreaterThan(Date.parse(String(seen[0]?.renewTime)));
    expect(seen[1]?.acquireTime).toBe(seen[0]?.acquireTime);
    expect(leaseOf(stage)?.holderIdentity).toBe('');
  }));

it('is given back where the work fails', () =>
  withLedger(async stage => {
    await expect(holdLease(optionsOf(stage, 1), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(leaseOf(stage)?.holderIdentity).toBe('');
  }));

it('lets 20 runs work one after the other, and tells each whom it waits for', () =>
  withLedger(async stage => {
    let working = 0;
    let most = 0;
    const waited: string[][] = [];
    const runs = Array.from({ length: 20 }, (_, run) => {
      const told: string[] = [];
      waited.push(told);
      return holdLease(optionsOf(stage, run, { onWait: other => told.push(other) }), async () => {
        most = Math.max(most, ++working);
        await sleep(5);
        working -= 1;
        return run;
      });
    });
    expect(await Promise.all(runs)).toHaveLength(20);
    expect(most).toBe(1);
    expect(waited.flat().every(other => /runs\/\d+\/attempts\/1$/.test(other))).toBe(true);
    expect(waited.every(told => new Set(told).size === told.length)).toBe(true);
    expect(leaseOf(stage)).toMatchObject({ holderIdentity: '', leaseTransitions: 19 });
  }));

it('refuses with the address of the run that holds it, when the time is over', () =>
  withLedger(async stage => {
    await holdLease(optionsOf(stage, 1), async () => {
      await expect(
        holdLease(optionsOf(stage, 2, { waitMs: 20_000 }), () => Promise.resolve()),
      ).rejects.toMatchObject({
        code: 'conflict',
        message: `release mnist to apps: after 20 s another release of it is still under way: ${RUN}/1/attempts/1`,
        hint: expect.stringContaining('let it end or cancel it') as string,
      });
    });
  }));

it('takes over at once what expired long ago, whatever the clocks', () =>
  withLedger(async stage => {
    plantLease(stage, hurriedClock.now() - 3_600_000);
    const waits: string[] = [];
    await holdLease(optionsOf(stage, 1, { onWait: run => waits.push(run) }), () => Promise.resolve());
    expect(waits).toEqual([]);
  }));

it('takes over what is silent for its whole duration, measured by its own clock', () =>
  withLedger(async stage => {
    // A clock that is a minute ahead: by the times alone the lease would be valid for two minutes.
    plantLease(stage, hurriedClock.now() + 60_000);
    const begun = hurriedClock.now();
    await holdLease(optionsOf(stage, 1), () => Promise.resolve());
    const tookMs = hurriedClock.now() - begun;
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(120_000);
  }));

it('stops the work when another has taken the lease, and does not give away what is not its own', () =>
  withLedger(async stage => {
    const { cluster } = stage;
    const work = holdLease(optionsOf(stage, 1), async signal => {
      const lease = stage.server.list('coordination.k8s.io/v1', 'Lease')[0];
      await cluster.applyObject(
        {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: 'modelpier-mnist', namespace: 'apps' },
          spec: { ...(lease?.spec as object), holderIdentity: `${RUN}/2/attempts/1#2` },
        },
        { fieldManager: 'another', force: true },
      );
      await sleep(10_000, undefined, { signal });
    });
    await expect(work).rejects.toMatchObject({
      code: 'conflict',
      message: `release mnist to apps: stopped, for its lease is lost: ${RUN}/2/attempts/1 took it`,
    });
    expect(leaseOf(stage)?.holderIdentity).toBe(`${RUN}/2/attempts/1#2`);
  }));

it('stops the work when the lease cannot be renewed, before another may take it', () =>
  withLedger(async stage => {
    const begun = hurriedClock.now();
    const work = holdLease(optionsOf(stage, 1), async signal => {
      stage.server.faults.plant({ url: /leases/, status: 403 });
      await sleep(10_000, undefined, { signal });
    });
    await expect(work).rejects.toThrow('its lease is lost: it could not be renewed');
    expect(hurriedClock.now() - begun).toBeLessThan(60_000);
  }));

it('ends the wait when the run is cancelled, and leaves the lease alone', () =>
  withLedger(async stage => {
    await holdLease(optionsOf(stage, 1), async () => {
      const stop = new AbortController();
      const onWait = (): void => stop.abort();
      await expect(
        holdLease(optionsOf(stage, 2, { signal: stop.signal, onWait }), () => Promise.resolve()),
      ).rejects.toThrow();
      expect(leaseOf(stage)?.holderIdentity).toContain('#1');
    });
  }));
