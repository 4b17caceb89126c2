import { digest } from '../image/digest';
import { type Decoded, nullable, object, optional, strictObject, text } from '../parse/decoder';

/** Where to go back, and to which version: the last healthy one before what runs, where none is given. */
export const rollbackRequest = strictObject({ environment: text, version: optional(text) });
export type RollbackRequest = Decoded<typeof rollbackRequest>;

/** Which version of the model is to run where; by its own digest. */
export const promoteRequest = strictObject({ environment: text, digest });
export type PromoteRequest = Decoded<typeof promoteRequest>;

/** A workflow of the model's repository that was started; it writes to the cluster, the portal never does. */
export const dispatchAnswer = object({
  repository: text,
  workflow: text,
  ref: text,
  /** Where its runs are seen. */
  runsUrl: text,
});
export type DispatchAnswer = Decoded<typeof dispatchAnswer>;

/** Whether a workflow can be started from the portal, and why not. */
export const way = object({ workflow: nullable(text), reason: nullable(text) });
export type Way = Decoded<typeof way>;
