import { join, relative } from 'node:path';
import {
  checkGolden,
  DEFAULT_GOLDEN_FILE,
  type Fault,
  type Golden,
  hasCode,
  type Model,
  ModelpierError,
  parseExactJson,
  parseGolden,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readSmallFile } from '../model/read-small-file';
import { invalidDocument } from '../model/yaml-document';
import { jsonPositions } from './json-positions';

/** As much as one answer of a server may be. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface GoldenFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly golden: Golden;
}

interface GoldenPlace {
  /** What was checked out; nothing outside is read. */
  readonly workspace: string;
  /** The folder of the model file. */
  readonly directory: string;
  readonly model: Model;
}

/**
 * The golden file that the model file names, else the one that lies beside it; nothing where there is none.
 * Throws one error with every fault, each with its place in the file.
 */
export async function readGolden({ workspace, directory, model }: GoldenPlace): Promise<GoldenFile | undefined> {
  const named = model.spec.golden;
  const place = join(directory, named ?? DEFAULT_GOLDEN_FILE);
  const path = relative(workspace, place);
  const read = await readSmallFile(place, { workspace, maxBytes: MOST_BYTES });
  if ('text' in read) return { path, golden: parse(read.text, path, model) };
  if (read.fault === 'outside')
    throw new ModelpierError('invalid-input', `the golden file ${path} lies outside the workspace`);
  if (read.fault === 'too-large')
    throw new ModelpierError('too-large', `the golden file ${path} is larger than ${MOST_BYTES} bytes`, {
      hint: 'a few small requests tell as much as many',
    });
  if (named === undefined) return undefined;
  throw new ModelpierError('not-found', `the golden file ${path} that spec.golden names cannot be read`, {
    hint: 'write it, or leave spec.golden out; docs/golden.md shows one',
  });
}

function parse(text: string, file: string, model: Model): Golden {
  try {
    const golden = parseGolden(parseJson(text, file), file);
    const faults = checkGolden(golden, model);
    if (faults.length > 0) throw new ModelpierError('invalid-document', file, { faults });
    return golden;
  } catch (error) {
    if (!hasCode(error, 'invalid-document') || error.faults.length === 0) throw error;
    throw invalidDocument(file, located(error.faults, text, file));
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return parseExactJson(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ModelpierError('invalid-document', `${file} is not JSON: ${message}`, { cause });
  }
}

/** More faults are counted, not looked for. */
const MOST_LOCATED = 20;

function located(faults: readonly Fault[], text: string, file: string): readonly Fault[] {
  const shown = faults.slice(0, MOST_LOCATED);
  const positions = jsonPositions(text, shown.map(({ path }) => path), file);
  const rest = faults.length - shown.length;
  return [
    ...shown.map((fault, index) => ({ ...fault, at: positions[index] })),
    ...(rest > 0 ? [{ path: '', message: `and ${rest} more` }] : []),
  ];
}
