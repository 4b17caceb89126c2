import { formatBytes } from '../format';
import { type Decoded, flag, literal, object, text } from '../parse/decoder';
import type { ModelFacts, TensorFacts } from './facts';

/** One difference between two versions of a model. */
export const factChange = object({
  what: literal('format', 'signature', 'parameters', 'datatypes', 'size'),
  /** Whether who calls the version before may fail with the new one. */
  isBreaking: flag,
  text,
});
export type FactChange = Decoded<typeof factChange>;

/** What changed from one version's facts to the next, what breaks callers first. */
export function compareFacts(before: ModelFacts, after: ModelFacts): readonly FactChange[] {
  const changes = [
    ...formatChange(before, after),
    ...(before.inputs === undefined || after.inputs === undefined
      ? []
      : compareTensors(before.inputs, after.inputs, INPUT)),
    ...(before.outputs === undefined || after.outputs === undefined
      ? []
      : compareTensors(before.outputs, after.outputs, OUTPUT)),
    ...countChanges(before, after),
  ];
  return changes.sort((a, b) => Number(b.isBreaking) - Number(a.isBreaking));
}

const change = (what: FactChange['what'], words: string, isBreaking = false): FactChange => ({
  what,
  isBreaking,
  text: words,
});

const formatChange = (before: ModelFacts, after: ModelFacts): readonly FactChange[] =>
  before.format === after.format ? [] : [change('format', `format: ${before.format} became ${after.format}`)];

/** Inputs may widen, outputs may narrow; the other way round callers break. */
interface Direction {
  readonly word: 'input' | 'output';
  readonly breaksWhenAdded: boolean;
  /** Whether going from this dimension to that one breaks; -1 is any size. */
  readonly breaks: (before: number, after: number) => boolean;
}
const INPUT: Direction = { word: 'input', breaksWhenAdded: true, breaks: (_, after) => after !== -1 };
const OUTPUT: Direction = { word: 'output', breaksWhenAdded: false, breaks: before => before !== -1 };

function compareTensors(
  before: readonly TensorFacts[],
  after: readonly TensorFacts[],
  direction: Direction,
): readonly FactChange[] {
  const { word, breaksWhenAdded } = direction;
  const byName = new Map(after.map(tensor => [tensor.name, tensor]));
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before.flatMap(tensor => {
      const now = byName.get(tensor.name);
      return now === undefined
        ? [change('signature', `${word} ${tensor.name} is gone`, true)]
        : compareTensor(tensor, now, direction);
    }),
    ...after
      .filter(({ name }) => !known.has(name))
      .map(({ name }) => change('signature', `${word} ${name} is new`, breaksWhenAdded)),
  ];
}

function compareTensor(
  before: TensorFacts,
  after: TensorFacts,
  { word, breaks }: Direction,
): readonly FactChange[] {
  const changes: FactChange[] = [];
  const name = `${word} ${before.name}`;
  if (before.datatype !== undefined && after.datatype !== undefined && before.datatype !== after.datatype) {
    changes.push(change('signature', `${name}: ${before.datatype} became ${after.datatype}`, true));
  }
  const [from, to] = [before.shape, after.shape];
  if (from !== undefined && to !== undefined && formatShape(from) !== formatShape(to)) {
    const isBreaking =
      from.length !== to.length ||
      from.some((dimension, at) => dimension !== to[at] && breaks(dimension, to[at] ?? -1));
    changes.push(change('signature', `${name}: ${formatShape(from)} became ${formatShape(to)}`, isBreaking));
  }
  return changes;
}

function countChanges(before: ModelFacts, after: ModelFacts): readonly FactChange[] {
  const changes: FactChange[] = [];
  const [had, has] = [before.parameters, after.parameters];
  if (had !== undefined && has !== undefined && had !== has)
    changes.push(change('parameters', `parameters: ${had} became ${has}`));
  const [from, to] = [formatDatatypes(before.datatypes), formatDatatypes(after.datatypes)];
  if (from !== undefined && to !== undefined && from !== to)
    changes.push(change('datatypes', `data types: ${from} became ${to}`));
  if (before.sizeBytes !== after.sizeBytes) {
    const sizes = `${formatBytes(before.sizeBytes)} became ${formatBytes(after.sizeBytes)}`;
    changes.push(change('size', `size: ${sizes}`));
  }
  return changes;
}

/** `[any, 784]`. */
export const formatShape = (shape: readonly number[]): string =>
  `[${shape.map(dimension => (dimension === -1 ? 'any' : String(dimension))).join(', ')}]`;

const formatDatatypes = (datatypes: ModelFacts['datatypes']): string | undefined =>
  datatypes === undefined ? undefined : Object.keys(datatypes).sort().join(', ');
