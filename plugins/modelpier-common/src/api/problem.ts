import { count, type Decoded, object, optional, text } from '../parse/decoder';

/** RFC 9457. */
export const problem = object({
  type: text,
  title: text,
  status: count,
  detail: optional(text),
  hint: optional(text),
});
export type Problem = Decoded<typeof problem>;
