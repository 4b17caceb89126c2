import { count, type Decoded, list, literal, object, optional, text } from '../parse/decoder';
import { objectRef } from '../workload/object-ref';

/** Why releases fail. The first that is found explains the most: what stands below may follow from it. */
export const CAUSES = [
  'quota',
  'limit-range',
  'no-service-account',
  'security-refused',
  'admission',
  'unschedulable',
  'missing-object',
  'volume',
  'image-name',
  'image-not-found',
  'image-unauthorized',
  'image-unreachable',
  'wrong-architecture',
  'illegal-instruction',
  'bad-command',
  'runs-as-root',
  'container-refused',
  'out-of-memory',
  'gpu-memory',
  'evicted',
  'crash',
  'ended',
  'killed',
  'probe',
  'wrong-digest',
  'node-trouble',
  'no-progress',
] as const;
export type Cause = (typeof CAUSES)[number];

/** One reason why a release failed, and what to do about it. */
export const diagnosis = object({
  cause: literal(...CAUSES),
  /** Where it shows: a pod, or the workload whose pods are refused. */
  object: objectRef,
  container: optional(text),
  /** How many pods show the same. */
  pods: count,
  /** What happened, with the numbers. */
  explanation: text,
  /** What to do, with the field to change where there is one. */
  fix: text,
  field: optional(text),
});
export type Diagnosis = Decoded<typeof diagnosis>;
export const diagnoses = list(diagnosis);

/** What a rule says; where it was found is added by who asked it. */
export interface Finding {
  readonly cause: Cause;
  readonly explanation: string;
  readonly fix: string;
  readonly field?: string | undefined;
}
