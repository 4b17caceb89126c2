import {
  count,
  type Decoded,
  list,
  object,
  optional,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

/** `Status` of the Kubernetes API (meta/v1), which every refusal carries. */
const status = object({
  message: optional(text),
  reason: optional(text),
  code: optional(count),
  details: optional(
    object({
      retryAfterSeconds: optional(count),
      causes: optional(
        list(object({ reason: optional(text), message: optional(text), field: optional(text) })),
      ),
    }),
  ),
});
export type Status = Decoded<typeof status>;
export type StatusCause = NonNullable<NonNullable<Status['details']>['causes']>[number];

/** Empty where a proxy answered in the server's place: such a body is not for people, and may echo headers. */
export function readStatus(json: unknown): Status {
  const nothing: Status = { message: undefined, reason: undefined, code: undefined, details: undefined };
  if (typeof json !== 'object' || json === null || !('kind' in json) || json.kind !== 'Status')
    return nothing;
  const faults: never[] = [];
  const decoded = status(json, '', faults);
  return faults.length === 0 ? decoded : nothing;
}
