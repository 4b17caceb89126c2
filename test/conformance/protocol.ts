import {
  DATATYPES,
  type Decoded,
  type Decoder,
  flag,
  integer,
  list,
  literal,
  object,
  optional,
  refuse,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The documents of the Open Inference Protocol V2 (kserve/open-inference-protocol, inference_rest.md). */

const tensorMetadata = object({ name: text, datatype: literal(...DATATYPES), shape: list(integer) });
export type TensorMetadata = Decoded<typeof tensorMetadata>;

export const serverMetadata = object({ name: text, version: text, extensions: list(text) });

export const modelMetadata = object({
  name: text,
  versions: optional(list(text)),
  platform: text,
  inputs: list(tensorMetadata),
  outputs: list(tensorMetadata),
});
export type ModelMetadata = Decoded<typeof modelMetadata>;

export const modelReady = object({ name: text, ready: flag });

/** An empty explanation explains nothing. */
const explanation: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && value.trim() !== '' ? value : refuse(faults, path, 'expected an explanation');
export const failure = object({ error: explanation });

const dataList: Decoder<readonly unknown[]> = list(unknownValue);
const tensor = object({
  name: text,
  shape: list(integer),
  datatype: literal(...DATATYPES),
  data: dataList,
});
export type Tensor = Decoded<typeof tensor>;

export const inferResponse = object({
  model_name: text,
  model_version: optional(text),
  id: optional(text),
  outputs: list(tensor),
});
export type InferResponse = Decoded<typeof inferResponse>;

/** A request body; deliberately loose, as most checks send what the protocol does not allow. */
export interface InferRequest {
  readonly id?: unknown;
  readonly parameters?: unknown;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
}
