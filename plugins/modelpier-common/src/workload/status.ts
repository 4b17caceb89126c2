import { type Decoded, literal, object, text } from '../parse/decoder';

/** Worst last: the order in which a set of objects takes its state. */
export const STATES = [
  'Current',
  'Suspended',
  'InProgress',
  'Unknown',
  'Terminating',
  'NotFound',
  'Failed',
] as const;
export type State = (typeof STATES)[number];

/** How an object stands; `reason` is one CamelCase word for code, `message` a sentence for people. */
export const status = object({ state: literal(...STATES), reason: text, message: text });
export type Status = Decoded<typeof status>;
