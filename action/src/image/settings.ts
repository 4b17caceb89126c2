import {
  type Digest,
  type Format,
  IMAGE_DESCRIPTION,
  IMAGE_FACTS,
  IMAGE_FORMAT,
  IMAGE_LICENSES,
  IMAGE_METRICS,
  IMAGE_MODEL,
  IMAGE_MODEL_DIGEST,
  IMAGE_SCAN,
  IMAGE_TITLE,
  IMAGE_VERSION,
  type Model,
  type ModelFacts,
  type Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import { canonicalJson } from './canonical-json';

type Texts = Readonly<Record<string, string>>;

/** How an image starts and what it says of itself, beyond its base. */
export interface ImageSettings {
  /** Labels of the config and annotations of the manifest. */
  readonly facts: Texts;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Replaces the base's, and drops the base's command, as a Dockerfile's ENTRYPOINT does. */
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Texts;
  readonly epochSeconds: number;
}

interface Release {
  readonly model: Model;
  readonly version: string;
  readonly format: Format;
  readonly modelDigest: Digest;
  readonly facts?: ModelFacts | undefined;
  readonly scanVerdict?: Verdict | undefined;
}

/** What the portal reads from an image; nothing that differs between two runs over the same model. */
export function imageFacts({ model, version, format, modelDigest, facts, scanVerdict }: Release): Texts {
  const { name, title, description, licenses } = model.metadata;
  const { metrics } = model.spec;
  return {
    [IMAGE_TITLE]: title ?? name,
    [IMAGE_VERSION]: version,
    [IMAGE_MODEL]: name,
    [IMAGE_MODEL_DIGEST]: modelDigest,
    [IMAGE_FORMAT]: format,
    ...(description !== undefined && { [IMAGE_DESCRIPTION]: description }),
    ...(licenses !== undefined && { [IMAGE_LICENSES]: licenses }),
    ...(metrics !== undefined && { [IMAGE_METRICS]: textOf(metrics) }),
    ...(facts !== undefined && { [IMAGE_FACTS]: textOf(briefFacts(facts)) }),
    ...(scanVerdict !== undefined && { [IMAGE_SCAN]: scanVerdict }),
  };
}

/** Annotations are read with every manifest: lists that grow with the model stay out of them. */
const MOST_TENSORS = 64;

function briefFacts({ inputs, outputs, ...facts }: ModelFacts): ModelFacts {
  const isBrief = (inputs ?? []).length + (outputs ?? []).length <= MOST_TENSORS;
  return { ...facts, operators: undefined, ...(isBrief && { inputs, outputs }) };
}

/** Platform names of the Open Inference Protocol V2, for the formats that it has one for. */
const PLATFORMS: Partial<Record<Format, string>> = {
  torchscript: 'pytorch_torchscript',
  onnx: 'onnx_onnxv1',
  tensorflow: 'tensorflow_savedmodel',
};

/** What a serving runtime is told of the model that it finds. */
export function runtimeEnvironment(
  { model, version, format }: Pick<Release, 'model' | 'version' | 'format'>,
  targetPath: string,
): Texts {
  const platform = PLATFORMS[format];
  const { signature } = model.spec;
  return {
    MODELPIER_MODEL_NAME: model.metadata.name,
    MODELPIER_MODEL_VERSION: version,
    MODELPIER_MODEL_PATH: `/${targetPath}`,
    ...(platform !== undefined && { MODELPIER_MODEL_PLATFORM: platform }),
    ...(signature !== undefined && { MODELPIER_SIGNATURE: textOf(signature) }),
  };
}

const textOf = (value: unknown): string => Buffer.from(canonicalJson(value)).toString('utf8');
