import {
  type Decoded,
  digest,
  IMAGE_BASE_DIGEST,
  IMAGE_BASE_NAME,
  IMAGE_FORMAT,
  IMAGE_METRICS,
  IMAGE_MODEL,
  IMAGE_MODEL_DIGEST,
  IMAGE_REVISION,
  IMAGE_SCAN,
  IMAGE_SOURCE,
  IMAGE_VERSION,
  isDigest,
  literal,
  nullable,
  number,
  object,
  optional,
  record,
  text,
  VERDICTS,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readLink } from './link';

/** What an image says of itself in annotations and labels, kept with its version. */
export const imageFacts = object({
  version: nullable(text),
  model: nullable(text),
  modelDigest: nullable(digest),
  format: nullable(text),
  metrics: record(number),
  commit: nullable(text),
  sourceUrl: nullable(text),
  baseName: nullable(text),
  baseDigest: nullable(digest),
  scan: optional(literal(...VERDICTS)),
});
export type ImageFacts = Decoded<typeof imageFacts>;

type Labels = Readonly<Record<string, string>>;

/** Longer texts are not what these keys are for, and would only fill the database. */
const MAX_TEXT = 255;

/** Reads the first of the given label sets that has a key: index, then manifest, then config. */
export function readImageFacts(...labelSets: readonly Labels[]): ImageFacts {
  const read = (key: string): string | null => {
    const found = labelSets.map(labels => labels[key]).find(value => value !== undefined && value !== '');
    return found !== undefined && found.length <= MAX_TEXT ? found : null;
  };
  const readDigest = (key: string) => {
    const value = read(key);
    return value !== null && isDigest(value) ? value : null;
  };
  return {
    version: read(IMAGE_VERSION),
    model: read(IMAGE_MODEL),
    modelDigest: readDigest(IMAGE_MODEL_DIGEST),
    format: read(IMAGE_FORMAT),
    metrics: readMetrics(labelSets.map(labels => labels[IMAGE_METRICS]).find(value => value !== undefined)),
    commit: read(IMAGE_REVISION),
    sourceUrl: readLink(read(IMAGE_SOURCE)),
    baseName: read(IMAGE_BASE_NAME),
    baseDigest: readDigest(IMAGE_BASE_DIGEST),
    scan: VERDICTS.find(verdict => verdict === read(IMAGE_SCAN)),
  };
}

/** Numbers only; whoever built the image may have written anything. */
function readMetrics(written: string | undefined): Readonly<Record<string, number>> {
  if (written === undefined) return {};
  const entries = Object.entries(parseObject(written));
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
    ),
  );
}

function parseObject(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
