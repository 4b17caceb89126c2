import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Fault,
  type Format,
  hasCode,
  type Model,
  ModelpierError,
  parseModel,
} from '@modelpier/backstage-plugin-modelpier-common';
import { detectFormat } from './detect-format';
import { isInside } from './file-finder';
import { findFiles } from './find-files';
import type { ModelFile } from './model-file';
import { invalidDocument, parseYaml, type YamlDocument } from './yaml-document';

const DEFAULT_MODEL_FILE = 'model.yaml';
/** Descriptions of other tools, which are understood one day but not yet. */
const FOREIGN_FILES = new Set(['Kitfile', 'MLmodel']);

interface ReadModelRequest {
  /** What was checked out; nothing outside is read. */
  readonly workspace: string;
  /** Relative to the workspace. */
  readonly file: string;
  /** Values of inputs, which win over the file's; patterns are relative to the workspace. */
  readonly overrides?: ModelOverrides;
  /** For jobs that deploy an image and have no weights at hand: the files are not looked for. */
  readonly skipFiles?: boolean | undefined;
}

export interface ModelOverrides {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly format?: Format | undefined;
  readonly patterns?: readonly string[] | undefined;
}

/** A checked `model.yaml` and the files it names. */
export interface ReadModel {
  readonly model: Model;
  readonly format: Format;
  readonly files: readonly ModelFile[];
  /** The folder of the model file; the files' paths are relative to it. */
  readonly directory: string;
  /** One error over faults that show only later, each with its place in the file. */
  readonly refuse: (faults: readonly Fault[]) => ModelpierError;
}

/**
 * Reads the model file with the inputs laid over it, and finds its files.
 * Throws one error with every fault, each with its place in the file.
 */
export async function readModel(request: ReadModelRequest): Promise<ReadModel> {
  const { workspace, file, overrides = {} } = request;
  const source = await readSource(request);
  const document = source === undefined ? undefined : parseYaml(source, file);
  const model = checkModel(document, request);
  const directory = document === undefined ? workspace : join(workspace, dirname(file));
  const refuse = (faults: readonly Fault[]): ModelpierError =>
    invalidDocument(file, locate(faults, document, overriddenPaths(overrides)));
  if (request.skipFiles === true)
    return { model, format: model.spec.format ?? 'other', files: [], directory, refuse };
  const given = overrides.patterns ?? [];
  const found = await findFiles(
    given.length > 0
      ? { patterns: given, from: workspace, label: 'input model' }
      : { patterns: model.spec.files, from: directory, label: 'spec.files' },
    { workspace, directory },
  );
  if (found.faults.length > 0) throw invalidDocument(file, locate(found.faults, document));
  return {
    model,
    format: model.spec.format ?? (await detectFormat(found.files)),
    files: found.files,
    directory,
    refuse,
  };
}

/** The text of the model file; nothing where inputs say all that it would. */
async function readSource({ workspace, file, overrides }: ReadModelRequest): Promise<string | undefined> {
  if (FOREIGN_FILES.has(basename(file))) {
    throw new ModelpierError('unsupported', `${file}: a ${basename(file)} is not read yet`, {
      hint: `describe the model in a ${DEFAULT_MODEL_FILE} and name that as model-file`,
    });
  }
  try {
    const real = await realpath(join(workspace, file));
    if (isInside(real, await realpath(workspace))) return await readFile(real, 'utf8');
  } catch (cause) {
    if (overrides?.name !== undefined && (overrides.patterns ?? []).length > 0) return undefined;
    throw new ModelpierError('not-found', `the model file ${file} cannot be read`, {
      hint: 'add a model.yaml, name it by model-file, or give model-name and model as inputs',
      cause,
    });
  }
  throw new ModelpierError('invalid-input', `model-file ${JSON.stringify(file)} lies outside the workspace`);
}

function checkModel(document: YamlDocument | undefined, { file, overrides = {} }: ReadModelRequest): Model {
  try {
    return parseModel(overlay(document?.value, overrides));
  } catch (error) {
    if (!hasCode(error, 'invalid-document')) throw error;
    throw invalidDocument(file, locate(error.faults, document, overriddenPaths(overrides)));
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The document with the inputs in their places; what is no object is left for the parser to refuse. */
function overlay(value: unknown, { name, version, format, patterns = [] }: ModelOverrides): unknown {
  const base = value ?? { apiVersion: 'modelpier.io/v1', kind: 'Model' };
  if (!isObject(base)) return base;
  const metadata = { ...(name !== undefined && { name }), ...(version !== undefined && { version }) };
  const spec = { ...(format !== undefined && { format }), ...(patterns.length > 0 && { files: patterns }) };
  return { ...base, metadata: merge(base['metadata'], metadata), spec: merge(base['spec'], spec) };
}

function merge(base: unknown, over: Record<string, unknown>): unknown {
  if (Object.keys(over).length === 0) return base;
  return base === undefined || base === null || isObject(base) ? { ...base, ...over } : base;
}

/** Paths of values that inputs gave, with the input's name. */
function overriddenPaths({
  name,
  version,
  format,
  patterns = [],
}: ModelOverrides): ReadonlyMap<string, string> {
  return new Map([
    ...(name === undefined ? [] : [['metadata.name', 'input model-name'] as const]),
    ...(version === undefined ? [] : [['metadata.version', 'input model-version'] as const]),
    ...(format === undefined ? [] : [['spec.format', 'input format'] as const]),
    ...patterns.map((_, index) => [`spec.files[${index}]`, `input model[${index}]`] as const),
  ]);
}

/** Adds the place in the file to each fault, and the input's name to what an input gave. */
function locate(
  faults: readonly Fault[],
  document: YamlDocument | undefined,
  inputs: ReadonlyMap<string, string> = new Map(),
): readonly Fault[] {
  return faults.map(fault => {
    const input = inputs.get(fault.path);
    if (input !== undefined) return { ...fault, path: input };
    if (document === undefined || fault.path.startsWith('input ')) return fault;
    return { ...fault, at: document.positionOf(fault.path) };
  });
}
