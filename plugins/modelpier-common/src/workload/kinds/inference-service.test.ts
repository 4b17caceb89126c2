import { health } from '../health';
import { context, objectOf, type Vector } from '../health.fixture';

type Fields = Record<string, unknown>;
const service = (ready: string | undefined, status: Fields = {}): unknown =>
  objectOf('serving.kserve.io/v1beta1', 'InferenceService', {
    conditions:
      ready === undefined
        ? []
        : [{ type: 'Ready', status: ready, reason: ready === 'True' ? undefined : 'PredictorNotReady' }],
    status,
  });
const revisions = (made: string, served?: string): Fields => ({
  components: { predictor: { latestCreatedRevision: made, latestReadyRevision: served } },
});

const vectors: Vector[] = [
  ['nothing said yet', service(undefined), {}, 'InProgress', 'NotReady'],
  ['not ready', service('False'), {}, 'InProgress', 'PredictorNotReady'],
  [
    'ready with the newest revision',
    service('True', revisions('p-00002', 'p-00002')),
    {},
    'Current',
    'Ready',
  ],
  [
    'ready with the revision before',
    service('True', revisions('p-00002', 'p-00001')),
    {},
    'InProgress',
    'RevisionNotReady',
  ],
  [
    'ready, none of its revisions is',
    service('True', revisions('p-00001')),
    {},
    'InProgress',
    'RevisionNotReady',
  ],
  [
    'ready without revisions, as a plain Deployment',
    service('True', { components: { predictor: {} } }),
    {},
    'Current',
    'Ready',
  ],
  [
    'a model that cannot be loaded, while the one before serves',
    service('True', {
      modelStatus: {
        transitionStatus: 'BlockedByFailedLoad',
        lastFailureInfo: { reason: 'ModelLoadFailed' },
      },
    }),
    {},
    'Failed',
    'ModelLoadFailed',
  ],
  [
    'a specification that is none',
    service('False', { modelStatus: { transitionStatus: 'InvalidSpec' } }),
    {},
    'Failed',
    'InvalidSpec',
  ],
  [
    'a status of the generation before',
    service('True', { observedGeneration: 1 }),
    {},
    'InProgress',
    'GenerationNotObserved',
  ],
];

it.each(vectors)('%s', (_name, object, over, ...[state, reason]) => {
  expect(health(object, context(over))).toMatchObject({ state, reason });
});
