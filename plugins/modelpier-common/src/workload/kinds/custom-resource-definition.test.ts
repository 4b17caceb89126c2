import { health } from '../health';
import { context, objectOf, type Vector } from '../health.fixture';

type Fields = Record<string, unknown>;
const definition = (...conditions: Fields[]): unknown =>
  objectOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { conditions });
const names = (status: string, reason: string): Fields => ({ type: 'NamesAccepted', status, reason });
const established = (status: string, reason: string): Fields => ({ type: 'Established', status, reason });

/** Reasons as Kubernetes 1.20 gives them. */
const vectors: Vector[] = [
  ['just made', definition(), {}, 'InProgress', 'Installing'],
  [
    'served',
    definition(names('True', 'NoConflicts'), established('True', 'InitialNamesAccepted')),
    {},
    'Current',
    'Established',
  ],
  [
    'names are taken',
    definition(names('False', 'ListKindConflict'), established('False', 'NotAccepted')),
    {},
    'Failed',
    'ListKindConflict',
  ],
  [
    'names are taken, though it was established once',
    definition(established('True', 'InitialNamesAccepted'), names('False', 'PluralConflict')),
    {},
    'Failed',
    'PluralConflict',
  ],
  [
    'being installed',
    definition(names('True', 'NoConflicts'), established('False', 'Installing')),
    {},
    'InProgress',
    'Installing',
  ],
  [
    'not established for another reason',
    definition(names('True', 'NoConflicts'), established('False', 'NotAccepted')),
    {},
    'Failed',
    'NotAccepted',
  ],
  ['unknown', definition(established('Unknown', 'Waiting')), {}, 'InProgress', 'Waiting'],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
