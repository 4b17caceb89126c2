import { type Decoded, object, optional, parseWith, record, text } from '../../parse/decoder';
import { findCondition } from '../conditions';
import { conditions, metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

/** The fields of KServe's InferenceService that health reads (serving.kserve.io/v1beta1). */
const inferenceService = object({
  metadata,
  status: optional(
    object({
      conditions,
      components: optional(
        record(object({ latestCreatedRevision: optional(text), latestReadyRevision: optional(text) })),
      ),
      modelStatus: optional(
        object({
          transitionStatus: optional(text),
          lastFailureInfo: optional(object({ reason: optional(text), message: optional(text) })),
        }),
      ),
    }),
  ),
});

type ServiceStatus = NonNullable<Decoded<typeof inferenceService>['status']>;

const WILL_NOT_LOAD = ['BlockedByFailedLoad', 'InvalidSpec'];

/** `Ready` alone may be the word of the revision before, which goes on serving. */
export function inferenceServiceHealth(value: unknown): Status {
  const { status = {} } = parseWith(inferenceService, value, 'InferenceService');
  return (
    notLoaded(status) ??
    notReady(status) ??
    behind(status) ??
    verdict('Current', 'Ready', 'it serves the new revision')
  );
}

function notLoaded({ modelStatus }: ServiceStatus): Status | undefined {
  const { transitionStatus = '', lastFailureInfo } = modelStatus ?? {};
  if (!WILL_NOT_LOAD.includes(transitionStatus)) return undefined;
  const { reason = transitionStatus, message = 'the model cannot be loaded' } = lastFailureInfo ?? {};
  return verdict('Failed', reason, message);
}

function notReady({ conditions: said }: ServiceStatus): Status | undefined {
  const ready = findCondition(said, 'Ready');
  if (ready?.status === 'True') return undefined;
  return verdict('InProgress', ready?.reason ?? 'NotReady', ready?.message ?? 'it is not ready yet');
}

function behind({ components = {} }: ServiceStatus): Status | undefined {
  const found = Object.entries(components).find(
    ([, { latestCreatedRevision: made, latestReadyRevision: served }]) =>
      made !== undefined && made !== served,
  );
  if (found === undefined) return undefined;
  const [name, { latestReadyRevision = 'no revision' }] = found;
  return verdict('InProgress', 'RevisionNotReady', `its ${name} still serves ${latestReadyRevision}`);
}
