import {
  count,
  type Decoded,
  type Decoder,
  integer,
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
import { quantityText } from '../workload/pod';

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
const tensor = strictObject({ name: text, datatype: literal(...DATATYPES), shape: list(integer) });
export type Tensor = Decoded<typeof tensor>;

/** `model.yaml`: what a model is and how it runs. */
export const model = strictObject({
  apiVersion: literal('modelpier.io/v1'),
  kind: literal('Model'),
  metadata: strictObject({
    name: dnsLabel,
    version: optional(text),
    title: optional(text),
    description: optional(text),
    licenses: optional(text),
    tags: optional(list(text)),
  }),
  spec: strictObject({
    format: optional(literal(...FORMATS)),
    files: list(text),
    signature: optional(strictObject({ inputs: list(tensor), outputs: list(tensor) })),
    metrics: optional(record(number)),
    training: optional(
      strictObject({ framework: optional(text), dataset: optional(text), run: optional(text) }),
    ),
    runtime: optional(strictObject({ image: optional(text), port: optional(count) })),
    resources: optional(
      strictObject({ cpu: optional(quantityText), memory: optional(quantityText), gpu: optional(count) }),
    ),
    scaling: optional(
      strictObject({ replicas: optional(count), maxReplicas: optional(count), targetCPU: optional(count) }),
    ),
  }),
});
export type Model = Decoded<typeof model>;
export const parseModel = (value: unknown): Model => parseWith(model, value, 'model file');
