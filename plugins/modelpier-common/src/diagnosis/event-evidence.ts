import { count, type Decoded, object, optional, parseWith, text } from '../parse/decoder';
import type { EventEvidence } from './evidence';
import { cut, plainLine } from './log-tail';

const event = object({
  type: optional(text),
  reason: optional(text),
  message: optional(text),
  count: optional(count),
  series: optional(object({ count: optional(count), lastObservedTime: optional(text) })),
  eventTime: optional(text),
  lastTimestamp: optional(text),
  involvedObject: object({
    apiVersion: optional(text),
    kind: text,
    namespace: optional(text),
    name: text,
    /** `spec.containers{model}`. */
    fieldPath: optional(text),
  }),
});

const LONGEST_MESSAGE = 1_000;

/** An Event (core/v1), whichever of its two ways of counting it uses. */
export function eventEvidenceOf(value: unknown): EventEvidence {
  const given = parseWith(event, value, 'Event');
  const { apiVersion = 'v1', kind, namespace, name, fieldPath = '' } = given.involvedObject;
  return {
    object: { apiVersion, kind, namespace, name },
    container: /\{(.+)\}$/.exec(fieldPath)?.[1],
    type: given.type ?? 'Normal',
    reason: given.reason ?? '',
    message: cut(plainLine(given.message ?? ''), LONGEST_MESSAGE),
    ...countedOf(given),
  };
}

const countedOf = ({
  series,
  ...single
}: Decoded<typeof event>): Pick<EventEvidence, 'count' | 'lastAt'> => ({
  count: series?.count ?? single.count ?? 1,
  lastAt: series?.lastObservedTime ?? single.lastTimestamp ?? single.eventTime,
});

const MOST = 40;

/** The newest events, oldest first; those without trouble give way. */
export function chooseEvents(events: readonly EventEvidence[]): readonly EventEvidence[] {
  const newestFirst = [...events].sort((a, b) => timeOf(b) - timeOf(a));
  const warnings = newestFirst.filter(({ type }) => type === 'Warning');
  const others = newestFirst.filter(({ type }) => type !== 'Warning');
  return [...warnings, ...others].slice(0, MOST).sort((a, b) => timeOf(a) - timeOf(b));
}

const timeOf = ({ lastAt }: EventEvidence): number => (lastAt === undefined ? 0 : Date.parse(lastAt) || 0);
