import { count, type Decoded, list, literal, object, optional, text } from '../parse/decoder';
import { type ObjectRef, objectRef } from '../workload/object-ref';

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
  'golden-answer',
  'golden-slow',
  'golden-not-run',
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

/** A finding where it shows. */
export interface Found extends Finding {
  readonly object: ObjectRef;
  readonly container?: string | undefined;
}

const CAUSE_WORDS: Readonly<Partial<Record<Cause, string>>> = {
  quota: 'the quota is exceeded',
  'limit-range': 'outside the LimitRange',
  'no-service-account': 'no such service account',
  'security-refused': 'refused by the security standard',
  admission: 'refused by admission',
  unschedulable: 'no node has room',
  'missing-object': 'something it needs is missing',
  volume: 'a volume cannot be mounted',
  'image-name': 'the image has no valid name',
  'image-not-found': 'no such image',
  'image-unauthorized': 'the image may not be pulled',
  'image-unreachable': 'the image cannot be pulled',
  'wrong-architecture': 'built for other nodes',
  'bad-command': 'its command cannot be run',
  'runs-as-root': 'the image runs as root',
  'container-refused': 'the container cannot be made',
  'gpu-memory': 'out of GPU memory',
  ended: 'the server ended by itself',
  killed: 'the server was killed',
  probe: 'a probe fails',
  'wrong-digest': 'another image runs',
  'golden-answer': 'the model answers wrong',
  'golden-slow': 'the model answers too slowly',
  'golden-not-run': 'the golden check was not run',
  'node-trouble': 'a node is in trouble',
};

/** "out of memory": the cause for a title. */
export const causeWords = (cause: Cause): string => CAUSE_WORDS[cause] ?? cause.replaceAll('-', ' ');
