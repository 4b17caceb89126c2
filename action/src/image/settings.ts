import {
  type Digest,
  type Format,
  IMAGE_DESCRIPTION,
  IMAGE_FORMAT,
  IMAGE_LICENSES,
  IMAGE_METRICS,
  IMAGE_MODEL,
  IMAGE_MODEL_DIGEST,
  IMAGE_TITLE,
  IMAGE_VERSION,
  type Model,
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

interface ModelFacts {
  readonly model: Model;
  readonly version: string;
  readonly format: Format;
  readonly modelDigest: Digest;
}

/** What the portal reads from an image; nothing that differs between two runs over the same model. */
export function imageFacts({ model, version, format, modelDigest }: ModelFacts): Texts {
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
  };
}

/** Platform names of the Open Inference Protocol V2, for the formats that it has one for. */
const PLATFORMS: Partial<Record<Format, string>> = {
  torchscript: 'pytorch_torchscript',
  onnx: 'onnx_onnxv1',
  tensorflow: 'tensorflow_savedmodel',
};

/** What a serving runtime is told of the model that it finds. */
export function runtimeEnvironment(
  { model, version, format }: Pick<ModelFacts, 'model' | 'version' | 'format'>,
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
