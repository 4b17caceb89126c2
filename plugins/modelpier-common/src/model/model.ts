import {
  count,
  type Decoded,
  type Decoder,
  list,
  literal,
  number,
  optional,
  parseWith,
  record,
  refuse,
  strictObject,
  text,
} from '../parse/decoder';
import {
  amount,
  between,
  dimension,
  filled,
  globalPattern,
  imageText,
  relativePath,
  versionText,
  wholeBytes,
} from './checks';

export const FORMATS = [
  'torchscript',
  'torch-export',
  'onnx',
  'safetensors',
  'gguf',
  'tensorflow',
  'sklearn',
  'other',
] as const;
export type Format = (typeof FORMATS)[number];

/** Data types of the Open Inference Protocol V2. */
export const DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const;

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const dnsLabel: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && DNS_LABEL.test(value)
    ? value
    : refuse(
        faults,
        path,
        'expected a DNS label: at most 63 lower-case letters, digits and "-", such as mnist-mlp',
      );

/** A tensor's name, type and shape; -1 is a dimension of any size. */
const tensor = strictObject({ name: text, datatype: literal(...DATATYPES), shape: list(dimension) });
export type Tensor = Decoded<typeof tensor>;

const MAX_PORT = 65_535;
/** More pods than any cluster holds (Kubernetes, "Considerations for large clusters"). */
const MAX_REPLICAS = 150_000;

const scalingFields = strictObject({
  replicas: optional(between(1, MAX_REPLICAS)),
  maxReplicas: optional(between(1, MAX_REPLICAS)),
  /** Percent of the requested CPU at which the autoscaler adds a replica. */
  targetCPU: optional(between(1, 100)),
});

const scaling: typeof scalingFields = (value, path, faults) => {
  const before = faults.length;
  const decoded = scalingFields(value, path, faults);
  if (faults.length > before) return decoded;
  const { replicas = 1, maxReplicas, targetCPU } = decoded;
  if (maxReplicas !== undefined && maxReplicas < replicas) {
    refuse(
      faults,
      `${path}.maxReplicas`,
      `expected at least the ${replicas} of ${path}.replicas, got ${maxReplicas}`,
    );
  }
  if (targetCPU !== undefined && maxReplicas === undefined) {
    refuse(faults, `${path}.targetCPU`, `needs ${path}.maxReplicas: without it nothing is scaled`);
  }
  return decoded;
};

/** `model.yaml`: what a model is and how it runs. `schemas/model.schema.json` says the same to editors. */
export const model = strictObject({
  apiVersion: literal('modelpier.io/v1'),
  kind: literal('Model'),
  metadata: strictObject({
    name: dnsLabel,
    version: optional(versionText),
    title: optional(text),
    description: optional(text),
    licenses: optional(text),
    tags: optional(list(text)),
  }),
  spec: strictObject({
    format: optional(literal(...FORMATS)),
    files: filled(list(relativePath)),
    signature: optional(strictObject({ inputs: list(tensor), outputs: list(tensor) })),
    /** Requests and their answers, which a release has to give too; default: `golden.json`, where there is one. */
    golden: optional(relativePath),
    metrics: optional(record(number)),
    training: optional(
      strictObject({ framework: optional(text), dataset: optional(text), run: optional(text) }),
    ),
    runtime: optional(strictObject({ image: optional(imageText), port: optional(between(1, MAX_PORT)) })),
    resources: optional(
      strictObject({
        cpu: optional(amount('500m')),
        memory: optional(wholeBytes),
        gpu: optional(count),
      }),
    ),
    scaling: optional(scaling),
    /** Names that pickles may use although no list knows them: `acme.models.Net`, or all of `acme.models.*`. */
    scan: optional(strictObject({ allow: optional(list(globalPattern)) })),
    /** Asks for a NetworkPolicy: the namespaces whose pods may call the model. */
    network: optional(strictObject({ allowFrom: filled(list(dnsLabel)) })),
  }),
});
export type Model = Decoded<typeof model>;
export const parseModel = (value: unknown): Model => parseWith(model, value, 'model file');
