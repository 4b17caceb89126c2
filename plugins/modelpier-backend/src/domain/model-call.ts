import {
  IMAGE_FACTS,
  IMAGE_MODEL,
  list,
  type ModelCall,
  type ModelFacts,
  modelFacts,
  object,
  parseWith,
  tensorFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KeptConfig } from './fetched-manifest';

type Labels = Readonly<Record<string, string>>;

/** What the image of a version says: annotations of its index and its manifest, and its config. */
export interface ImageSayings {
  /** Index before manifest. */
  readonly annotations: readonly Labels[];
  readonly config: KeptConfig | undefined;
}

const signature = object({ inputs: list(tensorFacts), outputs: list(tensorFacts) });
/** What a serving runtime is told of the model; `action/src/image` writes it. */
const SIGNATURE_VARIABLE = 'MODELPIER_SIGNATURE';
/** Longer texts are not what these keys are for. */
const LONGEST_JSON = 65_536;

/** The facts of the model's files; `undefined` where the image has none, or none that can be read. */
export function factsOf({ annotations, config }: ImageSayings): ModelFacts | undefined {
  const written = [...annotations, config?.labels ?? {}].map(labels => labels[IMAGE_FACTS]);
  return tryParse(
    written.find(text => text !== undefined),
    json => parseWith(modelFacts, json, 'facts of a model'),
  );
}

/** How to call the model: by the signature that was declared, else by what its files say. */
export function callOf(sayings: ImageSayings): ModelCall | undefined {
  const { annotations, config } = sayings;
  const model = [...annotations, config?.labels ?? {}].map(labels => labels[IMAGE_MODEL]).find(isGiven);
  if (model === undefined) return undefined;
  const declared = tryParse(config?.starts?.env[SIGNATURE_VARIABLE], json =>
    parseWith(signature, json, 'signature'),
  );
  if (declared !== undefined) return { model, ...declared };
  const { inputs, outputs } = factsOf(sayings) ?? {};
  return inputs === undefined || outputs === undefined ? undefined : { model, inputs, outputs };
}

const isGiven = (text: string | undefined): text is string => text !== undefined && text !== '';

/** Whoever built the image may have written anything. */
function tryParse<T>(text: string | undefined, parse: (json: unknown) => T): T | undefined {
  if (text === undefined || text.length > LONGEST_JSON) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
