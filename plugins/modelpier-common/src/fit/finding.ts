import { type Decoded, literal, object, optional, text } from '../parse/decoder';
import { objectRef } from '../workload/object-ref';

/** `refusal`: it can never work. `warning`: it may not, by what is known now. `skipped`: it could not be checked. */
export const FIT_SEVERITIES = ['refusal', 'warning', 'skipped'] as const;
export type FitSeverity = (typeof FIT_SEVERITIES)[number];

/** Where what is asked for and what the cluster has do not go together. */
export const fitFinding = object({
  severity: literal(...FIT_SEVERITIES),
  object: optional(objectRef),
  /** With the numbers on both sides. */
  message: text,
  /** What to change. */
  remedy: optional(text),
});
export type FitFinding = Decoded<typeof fitFinding>;
