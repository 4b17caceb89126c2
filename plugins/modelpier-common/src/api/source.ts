import { type Decoded, list, literal, nullable, object, optional, text } from '../parse/decoder';

export const SOURCE_STATES = [
  'ok',
  'pending',
  'stale',
  'unreachable',
  'unauthorized',
  'forbidden',
  'timeout',
  'error',
] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** A registry or a cluster the portal collects from, and how fresh its rows are. */
export const source = object({
  id: text,
  kind: literal('registry', 'cluster'),
  name: text,
  state: literal(...SOURCE_STATES),
  observedAt: nullable(text),
  message: optional(text),
});
export type Source = Decoded<typeof source>;
export const sources = list(source);

export const entityRef = object({ kind: text, namespace: text, name: text });
export type EntityRef = Decoded<typeof entityRef>;

export const sourcesAnswer = object({ items: sources });
export type SourcesAnswer = Decoded<typeof sourcesAnswer>;
