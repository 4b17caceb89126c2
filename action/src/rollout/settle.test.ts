import type { Status } from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, KubernetesObject, WatchEvent } from '@modelpier/backstage-plugin-modelpier-node';
import { Mirror } from './mirror';
import { settle, type SettleOptions, type Settled } from './settle';
import { track } from './tracked';
import { imageOf } from './deploy.fixture';

const BEGAN = 1_800_000_000_000;

/** A Deployment of one replica, or more, with this many ready. */
const deployment = (ready: number, resourceVersion: string, replicas = 1): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'mnist', namespace: 'apps', uid: 'd', generation: 1, resourceVersion },
  spec: {
    replicas,
    selector: {},
    template: { metadata: {}, spec: { containers: [{ name: 'model' }] } },
  },
  status: {
    observedGeneration: 1,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    conditions: [
      { type: 'Available', status: 'True' },
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
    ],
  },
});

const owned = (kind: string, name: string, fields: object): KubernetesObject => ({
  apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
  kind,
  metadata: {
    name,
    namespace: 'apps',
    uid: name,
    resourceVersion: '1',
    ownerReferences: [
      kind === 'Pod'
        ? { uid: 'set', kind: 'ReplicaSet', name: 'set' }
        : { uid: 'd', kind: 'Deployment', name: 'mnist' },
    ],
  },
  ...fields,
});

/** The one pod of the Deployment, ready; whether its readiness was asked for says its container. */
const surroundings = (container: object): Readonly<Record<string, KubernetesObject>> => ({
  ReplicaSet: owned('ReplicaSet', 'set', { spec: {} }),
  Pod: owned('Pod', 'mnist-1', {
    spec: { containers: [{ name: 'model', ...container }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }),
});

/** A clock that stands still but for sleeping, and a watch whose events come while it sleeps, at their second. */
function scene(
  events: readonly [second: number, ready: number][],
  replicas: number | undefined,
): {
  clock: Clock;
  watched: () => AsyncIterable<WatchEvent>;
} {
  let now = BEGAN;
  let deliver: ((event: WatchEvent) => void) | undefined;
  const open = [...events];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, signal) => {
      const until = now + ms;
      const next = open[0];
      if (next !== undefined && BEGAN + next[0] * 1000 <= until) {
        open.shift();
        now = BEGAN + next[0] * 1000;
        deliver?.({ type: 'MODIFIED', object: deployment(next[1], String(next[0]), replicas) });
        // The change ends this sleep.
        await new Promise(resolve => signal?.addEventListener('abort', resolve, { once: true }));
        return;
      }
      now = until;
      await Promise.resolve();
    },
  };
  async function* watched(): AsyncGenerator<WatchEvent> {
    for (;;) yield await new Promise<WatchEvent>(resolve => (deliver = resolve));
  }
  return { clock, watched };
}

async function play(
  events: readonly [second: number, ready: number][],
  over: Partial<SettleOptions> = {},
  container: object = {},
  replicas?: number,
): Promise<{ settled: Settled; seconds: number; told: readonly Status[] }> {
  const { clock, watched } = scene(events, replicas);
  const end = new AbortController();
  const mirror = new Mirror(
    {
      watchObjects: async function* ({ kind }) {
        const around = surroundings(container)[kind];
        if (around === undefined) yield* watched();
        else yield { type: 'ADDED', object: around };
      },
    },
    ['Deployment', 'ReplicaSet', 'Pod'].map(kind => ({ apiVersion: 'v1', kind })),
    { signal: end.signal },
  );
  const object = deployment(0, '0', replicas);
  const tracked = track(
    { object, action: 'configured', applied: { uid: 'd', generation: 1, at: BEGAN } },
    imageOf('a'),
  );
  const told: Status[] = [];
  const settled = await settle(
    [tracked],
    { mirror, reader: { getObject: () => Promise.resolve(object), listObjects: async function* () {} } },
    {
      clock,
      limit: { ms: 60_000 },
      isUnchanged: false,
      onStatus: (_tracked, status) => told.push(status),
      ...over,
    },
  );
  end.abort();
  return { settled, seconds: (clock.now() - BEGAN) / 1000, told };
}

it('tells the verdict with the last change where every pod has answered a probe', async () => {
  const { settled, seconds } = await play([[3, 1]], {}, { readinessProbe: { httpGet: {} } });
  expect(settled.outcome).toBe('steady');
  expect(seconds).toBe(3);
});

it('waits for 5 s where a pod is ready without having been asked', async () => {
  const { settled, seconds } = await play([[3, 1]]);
  expect(settled.outcome).toBe('steady');
  expect(seconds).toBe(8);
});

it('begins the 5 s anew where an object leaves Current for a moment', async () => {
  const { settled, seconds } = await play([
    [3, 1],
    [6, 0],
    [6.5, 1],
  ]);
  expect(settled.outcome).toBe('steady');
  expect(seconds).toBe(11.5);
});

it('tells each change of health once', async () => {
  const { told } = await play([
    [3, 1],
    [4, 1],
  ]);
  expect(told.map(({ state }) => state)).toEqual(['InProgress', 'Current']);
});

it('times out to the millisecond where nothing comes right', async () => {
  const { settled, seconds } = await play([], { limit: { ms: 9_500 } });
  expect(settled.outcome).toBe('timed-out');
  expect(seconds).toBe(9.5);
});

it('begins the time anew with each progress, for as long as it may last', async () => {
  const firstOfTwo: Parameters<typeof play>[0] = [[8, 1]];
  const extended = await play(firstOfTwo, { limit: { ms: 9_500, longestMs: 60_000 } }, {}, 2);
  expect([extended.settled.outcome, extended.seconds]).toEqual(['timed-out', 17.5]);
  const bounded = await play(firstOfTwo, { limit: { ms: 9_500, longestMs: 12_000 } }, {}, 2);
  expect([bounded.settled.outcome, bounded.seconds]).toEqual(['timed-out', 12]);
});

it('does not exceed a timeout that was given, whatever progress there is', async () => {
  const { settled, seconds } = await play([[8, 1]], { limit: { ms: 9_500 } }, {}, 2);
  expect([settled.outcome, seconds]).toEqual(['timed-out', 9.5]);
});

it('proves steadiness too where nothing was changed but the workload was unwell', async () => {
  const { settled, seconds } = await play([[1, 1]], { isUnchanged: true });
  expect(settled.outcome).toBe('steady');
  expect(seconds).toBe(6);
});

describe('an object that no watch keeps fresh', () => {
  const widget = (status: string, over: object = {}, apiVersion = 'example.com/v1'): KubernetesObject => ({
    apiVersion,
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'apps', uid: 'w', generation: 2, resourceVersion: '1' },
    status: { conditions: [{ type: 'Ready', status }], ...over },
  });

  /** Settles what the apply answered, while the cluster says this from the given second on. */
  async function settleUnwatched(
    answered: KubernetesObject,
    later: readonly [second: number, object: KubernetesObject][],
    action: 'configured' | 'unchanged' = 'configured',
  ): Promise<[outcome: string, seconds: number]> {
    const { clock } = scene([], undefined);
    const seconds = (): number => (clock.now() - BEGAN) / 1000;
    const live = (): KubernetesObject => later.findLast(([from]) => from <= seconds())?.[1] ?? answered;
    const end = new AbortController();
    const mirror = new Mirror({ watchObjects: async function* () {} }, [], { signal: end.signal });
    const applied = { uid: 'w', generation: 2, at: BEGAN };
    const { outcome } = await settle(
      [track({ object: answered, action, applied }, imageOf('a'))],
      {
        mirror,
        reader: { getObject: () => Promise.resolve(live()), listObjects: async function* () {} },
      },
      { clock, limit: { ms: 60_000 }, isUnchanged: action === 'unchanged', onStatus: () => undefined },
    );
    end.abort();
    return [outcome, seconds()];
  }

  it('is not believed by a status of before the apply', async () => {
    const later: [number, KubernetesObject][] = [
      [3, widget('False')],
      [20, widget('True')],
    ];
    expect(await settleUnwatched(widget('True'), later)).toEqual(['steady', 20]);
  });

  it('is believed once it is still well a few seconds after the apply', async () => {
    expect(await settleUnwatched(widget('True'), [])).toEqual(['steady', 6]);
  });

  it.each<[string, KubernetesObject]>([
    ['its controller says that it has seen the change', widget('True', { observedGeneration: 2 })],
    ['it is of Kubernetes itself', widget('True', {}, 'networking.k8s.io/v1')],
  ])('is believed at once where %s', async (_name, object) => {
    expect(await settleUnwatched(object, [])).toEqual(['steady', 0]);
  });

  it('is believed at once where nothing was changed', async () => {
    expect(await settleUnwatched(widget('True'), [], 'unchanged')).toEqual(['already-healthy', 0]);
  });
});
