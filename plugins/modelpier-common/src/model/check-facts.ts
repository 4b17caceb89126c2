import type { Fault } from '../error';
import { formatShape } from './compare-facts';
import { type FileFormat, formatOfFile, type ModelFacts, type TensorFacts } from './facts';
import { DATATYPES, type Model, type Tensor } from './model';

/** Where `model.yaml` and the files contradict each other. */
export interface Contradictions {
  /** No request could satisfy both. */
  readonly faults: readonly Fault[];
  /** The file does not bear out what is promised, but may. */
  readonly warnings: readonly string[];
}

/** Formats whose runtimes feed and answer by the names that the file records; others go by position. */
const BY_NAME: ReadonlySet<FileFormat> = new Set(['onnx', 'savedmodel']);

/** What of `model.yaml` files can contradict. */
interface Declared {
  readonly spec: Pick<Model['spec'], 'format' | 'signature'>;
}

/** Holds what a person wrote against what the files say. */
export function checkFacts({ spec }: Declared, facts: ModelFacts | undefined): Contradictions {
  if (facts === undefined) {
    if (spec.format === undefined || spec.format === 'other') return { faults: [], warnings: [] };
    const warning = `spec.format says ${spec.format}, but no file was recognised as a model of any known format`;
    return { faults: [], warnings: [warning] };
  }
  const found = formatOfFile(facts.format);
  const faults: Fault[] = [];
  const warnings: string[] = [];
  if (spec.format !== undefined && spec.format !== 'other' && spec.format !== found) {
    faults.push({ path: 'spec.format', message: `says ${spec.format}, but the content is ${facts.format}` });
  }
  for (const side of ['inputs', 'outputs'] as const) {
    const [declared, recorded] = [spec.signature?.[side], facts[side]];
    if (declared === undefined || recorded === undefined) continue;
    checkSide({ declared, recorded, side, byName: BY_NAME.has(facts.format) }, faults, warnings);
  }
  return { faults, warnings };
}

interface Side {
  readonly declared: readonly Tensor[];
  readonly recorded: readonly TensorFacts[];
  readonly side: 'inputs' | 'outputs';
  readonly byName: boolean;
}

function checkSide({ declared, recorded, side, byName }: Side, faults: Fault[], warnings: string[]): void {
  const path = `spec.signature.${side}`;
  const tooMany = declared.length > recorded.length;
  if (tooMany || (byName && side === 'inputs' && declared.length < recorded.length)) {
    const names = recorded.map(({ name }) => name).join(', ');
    faults.push({ path, message: `lists ${declared.length}, but the file has ${recorded.length}: ${names}` });
    return;
  }
  for (const [index, tensor] of declared.entries()) {
    const same = byName ? recorded.find(({ name }) => name === tensor.name) : recorded[index];
    if (same === undefined) {
      const names = recorded.map(({ name }) => name).join(', ');
      faults.push({
        path: `${path}[${index}].name`,
        message: `${tensor.name} is none of the file's: ${names}`,
      });
      continue;
    }
    checkTensor(tensor, same, { path: `${path}[${index}]`, faults, warnings });
  }
}

function checkTensor(
  declared: Tensor,
  recorded: TensorFacts,
  { path, faults, warnings }: { path: string; faults: Fault[]; warnings: string[] },
): void {
  if (recorded.datatype !== undefined && recorded.datatype !== declared.datatype) {
    const message = `says ${declared.datatype}, but the file has ${recorded.datatype}`;
    faults.push({ path: `${path}.datatype`, message });
  }
  const { shape } = recorded;
  if (shape === undefined) return;
  const differs = declared.shape.some(
    (dimension, at) => ![dimension, -1].includes(shape[at] ?? -2) && dimension !== -1,
  );
  const shapes = `says ${formatShape(declared.shape)}, but the file has ${formatShape(shape)}`;
  if (declared.shape.length !== shape.length || differs)
    faults.push({ path: `${path}.shape`, message: shapes });
  else if (declared.shape.some((dimension, at) => dimension === -1 && shape[at] !== -1))
    warnings.push(`${path}.shape ${shapes}: requests of other sizes will fail`);
}

/** The signature as the files record it, where they record all of it in words of the protocol. */
export function signatureOf({
  inputs,
  outputs,
}: Pick<ModelFacts, 'inputs' | 'outputs'>): Model['spec']['signature'] {
  const [taken, given] = [complete(inputs), complete(outputs)];
  return taken === undefined || given === undefined ? undefined : { inputs: taken, outputs: given };
}

function complete(tensors: readonly TensorFacts[] | undefined): readonly Tensor[] | undefined {
  const known = (tensors ?? []).flatMap(({ name, datatype, shape }) => {
    const found = DATATYPES.find(candidate => candidate === datatype);
    return found === undefined || shape === undefined ? [] : [{ name, datatype: found, shape }];
  });
  return known.length === 0 || known.length !== tensors?.length ? undefined : known;
}
