import {
  count,
  type Decoded,
  integer,
  list,
  literal,
  object,
  optional,
  parseWith,
  record,
  text,
} from '../parse/decoder';
import type { Format } from './model';

/** What a file is by its content, finer than what `model.yaml` calls a format. */
export const FILE_FORMATS = [
  'torchscript',
  'torch-export',
  'torch-save',
  'onnx',
  'safetensors',
  'gguf',
  'savedmodel',
  'keras',
  'hdf5',
  'joblib',
  'pickle',
  'xgboost',
  'lightgbm',
  'npy',
  'npz',
  'zip',
  'tar',
  'compressed',
  'native-code',
  'other',
] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** An input or output as far as a file records it; -1 is a dimension of any size. */
export const tensorFacts = object({
  name: text,
  datatype: optional(text),
  shape: optional(list(integer)),
});
export type TensorFacts = Decoded<typeof tensorFacts>;

/** What is known of a model without running it. */
export const modelFacts = object({
  format: literal(...FILE_FORMATS),
  formatVersion: optional(text),
  producer: optional(text),
  inputs: optional(list(tensorFacts)),
  outputs: optional(list(tensorFacts)),
  /** Names of operators, each once; of a long list the first. */
  operators: optional(list(text)),
  /** Version of each operator set by its domain. */
  opsets: optional(record(count)),
  tensors: optional(count),
  parameters: optional(count),
  /** Parameters of each data type. */
  datatypes: optional(record(count)),
  sizeBytes: count,
});
export type ModelFacts = Decoded<typeof modelFacts>;

export const parseModelFacts = (value: unknown): ModelFacts =>
  parseWith(modelFacts, value, 'facts of a model');

/** What `model.yaml` calls each; archives, arrays and the like are no model's format by themselves. */
const MODEL_FORMATS: Partial<Record<FileFormat, Format>> = {
  torchscript: 'torchscript',
  'torch-export': 'torch-export',
  'torch-save': 'other',
  onnx: 'onnx',
  safetensors: 'safetensors',
  gguf: 'gguf',
  savedmodel: 'tensorflow',
  keras: 'tensorflow',
  hdf5: 'tensorflow',
  joblib: 'sklearn',
  pickle: 'sklearn',
  xgboost: 'other',
  lightgbm: 'other',
};

/** The format by the word of `model.yaml`; nothing for files that are no model. */
export const formatOfFile = (format: FileFormat): Format | undefined => MODEL_FORMATS[format];

/**
 * The facts of a model of several files: those of its leading file, the counts of all of its format.
 * Files of the declared format lead; other files may well lie beside them.
 */
export function combineFacts(files: readonly ModelFacts[], declared?: Format): ModelFacts | undefined {
  const rank = ({ format }: ModelFacts): number => FILE_FORMATS.indexOf(format);
  const isDeclared = ({ format }: ModelFacts): boolean => formatOfFile(format) === declared;
  const models = files.filter(({ format }) => formatOfFile(format) !== undefined);
  const [leading] = models.sort(
    (a, b) => Number(isDeclared(b)) - Number(isDeclared(a)) || rank(a) - rank(b) || b.sizeBytes - a.sizeBytes,
  );
  if (leading === undefined) return undefined;
  const alike = models.filter(({ format }) => format === leading.format);
  return {
    ...leading,
    ...given('tensors', sum(alike.map(({ tensors }) => tensors))),
    ...given('parameters', sum(alike.map(({ parameters }) => parameters))),
    ...given('datatypes', addCounts(alike.map(({ datatypes }) => datatypes))),
    sizeBytes: sum(files.map(file => file.sizeBytes)) ?? 0,
  };
}

const given = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, V>>;

function sum(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter(each => each !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, each) => total + each, 0);
}

function addCounts(
  all: readonly (Readonly<Record<string, number>> | undefined)[],
): Readonly<Record<string, number>> | undefined {
  const totals = new Map<string, number>();
  for (const counts of all)
    for (const [key, each] of Object.entries(counts ?? {})) totals.set(key, (totals.get(key) ?? 0) + each);
  return totals.size === 0 ? undefined : Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)));
}
