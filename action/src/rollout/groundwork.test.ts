import type {
  Clock,
  Discovery,
  KubernetesObject,
  ObjectReader,
} from '@modelpier/backstage-plugin-modelpier-node';
import { broughtKinds, findBrought } from './brought-kinds';
import { awaitGroundwork, isGroundwork } from './groundwork';

const BEGAN = 1_800_000_000_000;
type Condition = Readonly<Record<string, string>>;

const definition = (conditions: readonly Condition[], spec: object = {}): KubernetesObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: true },
      { name: 'v1alpha1', served: false },
    ],
    ...spec,
  },
  status: { conditions },
});
const ESTABLISHED = { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' };
const INSTALLING = { type: 'Established', status: 'False', reason: 'Installing' };
const TAKEN = {
  type: 'NamesAccepted',
  status: 'False',
  reason: 'ListKindConflict',
  message: '"WidgetList" is already in use',
};
const namespace = (phase: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'apps' },
  status: { phase },
});

/** A cluster that turns to `later` at these seconds, on a clock that only sleeping moves. */
function ground(later: { object?: [second: number, object: KubernetesObject]; servedAt?: number }) {
  let now = BEGAN;
  const seconds = (): number => (now - BEGAN) / 1000;
  const clock: Clock = {
    now: () => now,
    sleep: ms => {
      now += ms;
      return Promise.resolve();
    },
  };
  const cluster: ObjectReader & Discovery = {
    getObject: () => {
      const [second, object] = later.object ?? [Infinity, undefined];
      return Promise.resolve(seconds() >= second ? object : definition([INSTALLING]));
    },
    listObjects: async function* () {},
    servedKind: () =>
      Promise.resolve(
        seconds() >= (later.servedAt ?? 0) ? { plural: 'widgets', namespaced: true } : undefined,
      ),
    servedVersions: () => Promise.resolve([]),
  };
  return { seconds, ground: { cluster, clock } };
}

it('goes on at once where all is well', async () => {
  const { seconds, ground: well } = ground({});
  await awaitGroundwork([namespace('Active'), definition([ESTABLISHED])], well);
  expect(seconds()).toBe(0);
});

it('waits until a definition is established, and its kind served a moment later', async () => {
  const { seconds, ground: late } = ground({ object: [1, definition([ESTABLISHED])], servedAt: 3 });
  await awaitGroundwork([definition([])], late);
  expect(seconds()).toBe(3);
});

it('ends at once where its names are taken', async () => {
  const { ground: never } = ground({});
  await expect(awaitGroundwork([definition([TAKEN])], never)).rejects.toMatchObject({
    code: 'unhealthy',
    message:
      'wait for what others stand on: CustomResourceDefinition/widgets.example.org is Failed (ListKindConflict): "WidgetList" is already in use',
  });
});

it('gives up after a minute', async () => {
  const { seconds, ground: never } = ground({});
  await expect(awaitGroundwork([definition([])], never)).rejects.toMatchObject({ code: 'timeout' });
  expect(seconds()).toBe(60);
});

it('knows which kinds a definition brings, and which it only keeps', () => {
  const brought = broughtKinds([definition([]), namespace('Active')]);
  expect(brought).toEqual([{ apiVersion: 'example.org/v1', kind: 'Widget', namespaced: true }]);
  const widget = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'w' } };
  expect(findBrought(widget, brought)).toBe(brought[0]);
  expect(findBrought({ ...widget, apiVersion: 'example.org/v1alpha1' }, brought)).toBeUndefined();
});

it('leaves a definition that is none to the server', () => {
  expect(broughtKinds([definition([], { names: 7 })])).toEqual([]);
});

it('stands on definitions and namespaces alone', () => {
  expect([namespace('Active'), definition([])].every(isGroundwork)).toBe(true);
  expect(isGroundwork({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } })).toBe(false);
  expect(isGroundwork({ apiVersion: 'example.org/v1', kind: 'Namespace', metadata: { name: 'n' } })).toBe(
    false,
  );
});
