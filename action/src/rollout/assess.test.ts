import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, Selection } from '@modelpier/backstage-plugin-modelpier-node';
import { Assessor } from './assess';
import { imageOf } from './deploy.fixture';
import { Mirror } from './mirror';
import { track } from './tracked';

const waiting: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'mnist', namespace: 'apps', uid: 'pod', generation: 0, resourceVersion: '1' },
  spec: { containers: [{ name: 'model' }] },
  status: {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
  },
};

/** An autoscaler makes a node for another pod. */
const scaledUp: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'apps', uid: 'e', resourceVersion: '1' },
  reason: 'TriggeredScaleUp',
  involvedObject: { kind: 'Pod', name: 'other', namespace: 'apps' },
};

const pods: Selection = { apiVersion: 'v1', kind: 'Pod' };
const events: Selection = { apiVersion: 'v1', kind: 'Event' };

/** For how long the pod without a node may still come right, in whole seconds. */
async function patience(notices: readonly KubernetesObject[] | 'forbidden'): Promise<number> {
  const end = new AbortController();
  const mirror = new Mirror(
    {
      watchObjects: async function* ({ kind }) {
        await Promise.resolve();
        if (kind === 'Event' && notices === 'forbidden') {
          throw new ModelpierError('forbidden', 'watch events: forbidden');
        }
        for (const object of kind === 'Pod' ? [waiting] : notices) {
          yield { type: 'ADDED', object: object as KubernetesObject };
        }
      },
    },
    [pods],
    { signal: end.signal, optional: [events] },
  );
  await new Promise(resolve => setImmediate(resolve));
  const assessor = new Assessor(mirror);
  const tracked = track(
    { object: waiting, action: 'created', applied: { uid: 'pod', generation: 0, at: 0 } },
    imageOf('a'),
  );
  let second = 0;
  while (second < 600 && stateAt(second) !== 'Failed') second += 1;
  end.abort();
  return second - 1;

  function stateAt(at: number): string | undefined {
    return assessor.assess([tracked], at * 1000).statuses.get(tracked)?.state;
  }
}

it.each<[string, Parameters<typeof patience>[0], number]>([
  ['15 s where no autoscaler is seen', [], 15],
  ['60 s where an autoscaler is at work', [scaledUp], 60],
  ['60 s where it may not be seen whether one is', 'forbidden', 60],
])('waits for a node for %s', async (_name, notices, seconds) => {
  expect(await patience(notices)).toBe(seconds);
});
