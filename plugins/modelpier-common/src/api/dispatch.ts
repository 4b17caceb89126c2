import { digest } from '../image/digest';
import {
  type Decoded,
  type Decoder,
  flag,
  nullable,
  object,
  optional,
  refuse,
  strictObject,
  text,
} from '../parse/decoder';

/** As workflows and clusters name environments; whatever a workflow does with it, it stays one plain word. */
export const ENVIRONMENT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$';
/** Of a version that a release was made of. */
export const VERSION_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$';
/** Of one intention of somebody: what is asked for again under the same name is started once. */
export const REQUEST_ID_PATTERN = '^[A-Za-z0-9-]{8,64}$';

const word =
  (pattern: string, what: string): Decoder<string> =>
  (value, path, faults) =>
    typeof value === 'string' && new RegExp(pattern).test(value)
      ? value
      : refuse(faults, path, `expected ${what} of letters, digits and a few signs`);
const environment = word(ENVIRONMENT_PATTERN, 'the name of an environment');
const requestId = optional(word(REQUEST_ID_PATTERN, 'the name of a request'));

/** Where to go back, and to which version: the last healthy one before what runs, where none is given. */
export const rollbackRequest = strictObject({
  environment,
  version: optional(word(VERSION_PATTERN, 'a version')),
  requestId,
});
export type RollbackRequest = Decoded<typeof rollbackRequest>;

/** Which version of the model is to run where; by its own digest. */
export const promoteRequest = strictObject({ environment, digest, requestId });
export type PromoteRequest = Decoded<typeof promoteRequest>;

/** A workflow of the model's repository that was started; it writes to the cluster, the portal never does. */
export const dispatchAnswer = object({
  repository: text,
  workflow: text,
  ref: text,
  /** Where its runs are seen. */
  runsUrl: text,
  /** Its run, where GitHub tells of it. */
  runUrl: optional(text),
});
export type DispatchAnswer = Decoded<typeof dispatchAnswer>;

/** Whether a workflow can be started from the portal, and why not. */
export const way = object({
  workflow: nullable(text),
  reason: nullable(text),
  /** What would open the way. */
  hint: optional(text),
  /** The caller lacks the permission; else something is missing on the model. */
  isDenied: optional(flag),
  /** `owner/repository` that has the workflow, and the branch or tag that it is taken from. */
  repository: optional(text),
  ref: optional(text),
});
export type Way = Decoded<typeof way>;
