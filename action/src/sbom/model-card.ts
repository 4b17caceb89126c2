import { formatShape, type ModelFacts } from '@modelpier/backstage-plugin-modelpier-common';
import type { SbomSubject } from './sbom-subject';

interface Named {
  readonly name: string;
  readonly value: string;
}

/** CycloneDX `modelCard` (bom-1.6.schema.json), which the library has no class for. */
export interface ModelCard {
  readonly modelParameters?: {
    readonly datasets?: readonly { readonly type: 'dataset'; readonly name: string }[];
    readonly inputs?: readonly { readonly format: string }[];
    readonly outputs?: readonly { readonly format: string }[];
  };
  readonly quantitativeAnalysis?: {
    readonly performanceMetrics: readonly { readonly type: string; readonly value: string }[];
  };
  readonly properties?: readonly Named[];
}

/** What a person wrote of the model and what its files say; only what is known. */
export function modelCard(subject: SbomSubject): ModelCard {
  const { training, metrics = {} } = subject.model.spec;
  const modelParameters = parametersOf(subject);
  const performanceMetrics = sorted(metrics).map(([type, value]) => ({ type, value: String(value) }));
  const properties = named({
    'training:framework': training?.framework,
    'training:run': training?.run,
    ...(subject.facts === undefined ? {} : factTexts(subject.facts)),
  });
  return {
    ...(Object.keys(modelParameters).length > 0 && { modelParameters }),
    ...(performanceMetrics.length > 0 && { quantitativeAnalysis: { performanceMetrics } }),
    ...(properties.length > 0 && { properties }),
  };
}

function parametersOf({ model, facts }: SbomSubject): NonNullable<ModelCard['modelParameters']> {
  const { training, signature } = model.spec;
  const inputs = tensorsOf(signature?.inputs ?? facts?.inputs);
  const outputs = tensorsOf(signature?.outputs ?? facts?.outputs);
  const dataset = training?.dataset;
  return {
    ...(dataset !== undefined && { datasets: [{ type: 'dataset', name: dataset }] }),
    ...(inputs.length > 0 && { inputs }),
    ...(outputs.length > 0 && { outputs }),
  };
}

/** `x: FP32 [any, 784]`; CycloneDX has one text for an input or output. */
const tensorsOf = (tensors: ModelFacts['inputs'] = []): readonly { format: string }[] =>
  tensors.map(({ name, datatype, shape }) => {
    const words = [datatype, shape === undefined ? undefined : formatShape(shape)];
    const said = words.filter(word => word !== undefined).join(' ');
    return { format: said === '' ? name : `${name}: ${said}` };
  });

const factTexts = (facts: ModelFacts): Readonly<Record<string, string | undefined>> => ({
  format: facts.format,
  'format-version': facts.formatVersion,
  producer: facts.producer,
  tensors: facts.tensors?.toString(),
  parameters: facts.parameters?.toString(),
  datatypes: listed(facts.datatypes),
  opsets: listed(facts.opsets),
  operators: facts.operators?.join(', '),
});

const listed = (counts: Readonly<Record<string, number>> | undefined): string | undefined =>
  counts === undefined
    ? undefined
    : sorted(counts)
        .map(([name, count]) => `${name}=${count}`)
        .join(', ');

const sorted = <T>(entries: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));

/** Properties under a name of our own (CycloneDX property taxonomy), those that are known. */
export const named = (texts: Readonly<Record<string, string | undefined>>): readonly Named[] =>
  sorted(texts).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name: `modelpier:${name}`, value }],
  );
