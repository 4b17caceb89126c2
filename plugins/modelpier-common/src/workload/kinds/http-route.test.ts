import { health } from '../health';
import { context, objectOf, type Vector } from '../health.fixture';

type Fields = Record<string, unknown>;
const route = (...parents: Fields[][]): unknown =>
  objectOf('gateway.networking.k8s.io/v1', 'HTTPRoute', {
    status: {
      parents: parents.map((conditions, index) => ({ parentRef: { name: `gateway-${index}` }, conditions })),
    },
  });
const says = (type: string, status = 'True', observedGeneration = 2): Fields => ({
  type,
  status,
  observedGeneration,
  reason: status === 'True' ? type : `No${type}`,
});
const fine = [says('Accepted'), says('ResolvedRefs')];

const vectors: Vector[] = [
  ['no gateway', route(), {}, 'InProgress', 'NoParent'],
  ['accepted by its gateway', route(fine), {}, 'Current', 'Accepted'],
  [
    'refused by the second of two',
    route(fine, [says('Accepted', 'False'), says('ResolvedRefs')]),
    {},
    'InProgress',
    'NoAccepted',
  ],
  [
    'leads to a Service that is not there',
    route([says('Accepted'), says('ResolvedRefs', 'False')]),
    {},
    'InProgress',
    'NoResolvedRefs',
  ],
  ['nothing said of what it leads to', route([says('Accepted')]), {}, 'InProgress', 'NotResolvedRefs'],
  [
    'accepted before the change',
    route([says('Accepted', 'True', 1), says('ResolvedRefs')]),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
