import { between, filled } from '../model/checks';
import type { Model } from '../model/model';
import {
  type Decoded,
  type Decoder,
  describe,
  flag,
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
import type { Fault } from '../error';
import type { Tolerance } from './compare';
import { formatIndex, goldenTensor, type GoldenTensor } from './tensor';

/** Where neither the model file nor anybody else names a golden file. */
export const DEFAULT_GOLDEN_FILE = 'golden.json';

/** FP32 on other processors and in other batches differs by less; a model that learned anew by more. */
const DEFAULT_ABSOLUTE = 1e-5;
const DEFAULT_RELATIVE = 1e-4;
/** The first requests of many servers compile, and fill caches. */
const DEFAULT_WARM_UPS = 1;
/** The fewest samples of which a 95th percentile is not simply the largest. */
const DEFAULT_TIMED_REPETITIONS = 20;
/** What one server is asked at most in all. */
const MOST_REQUESTS = 10_000;

const positive: Decoder<number> = (value, path, faults) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? value
    : refuse(faults, path, `expected a number above zero, got ${describe(value)}`);

const notNegative: Decoder<number> = (value, path, faults) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : refuse(faults, path, `expected a number from zero, got ${describe(value)}`);

/** A name that stands in one line of a log. */
const caseName: Decoder<string> = (value, path, faults) =>
  typeof value === 'string' && /^[^\p{Cc}]{1,80}$/u.test(value)
    ? value
    : refuse(faults, path, `expected a name of 1 to 80 characters in one line, got ${describe(value)}`);

const tolerance = strictObject({ absolute: optional(notNegative), relative: optional(notNegative) });

/** The protocol's: a text, a number, `true` or `false`. */
const parameter: Decoder<string | number | boolean> = (value, path, faults) => {
  if (typeof value === 'string') return text(value, path, faults);
  return typeof value === 'boolean' ? flag(value, path, faults) : number(value, path, faults);
};

const tensors: Decoder<readonly GoldenTensor[]> = (value, path, faults) => {
  const before = faults.length;
  const decoded = filled(list(goldenTensor))(value, path, faults);
  if (faults.length === before) refuseTwice(decoded, path, faults);
  return decoded;
};

function refuseTwice(named: readonly { readonly name: string }[], path: string, faults: Fault[]): void {
  const names = new Set<string>();
  for (const [index, { name }] of named.entries()) {
    if (names.has(name)) refuse(faults, `${path}[${index}].name`, `${describe(name)} is there already`);
    names.add(name);
  }
}

const document = strictObject({
  apiVersion: literal('modelpier.io/v1'),
  kind: literal('Golden'),
  /** Of every number, where a case says nothing else. */
  tolerance: optional(tolerance),
  latency: optional(strictObject({ p95Ms: positive })),
  /** Requests of each case before those that are timed; their answers count all the same. */
  warmUps: optional(between(0, MOST_REQUESTS)),
  /** Timed requests of each case. */
  repetitions: optional(between(1, MOST_REQUESTS)),
  cases: filled(
    list(
      strictObject({
        name: caseName,
        inputs: tensors,
        outputs: tensors,
        parameters: optional(record(parameter)),
        tolerance: optional(tolerance),
      }),
    ),
  ),
});

export interface GoldenCase {
  readonly name: string;
  readonly inputs: readonly GoldenTensor[];
  readonly outputs: readonly GoldenTensor[];
  readonly parameters: Decoded<typeof document>['cases'][number]['parameters'];
  readonly tolerance: Tolerance;
}

/** Requests and the answers that a model has to give to them. */
export interface Golden {
  readonly cases: readonly GoldenCase[];
  readonly warmUps: number;
  readonly repetitions: number;
  /** The 95th percentile of the time of an answer; nothing where any will do. */
  readonly p95Ms: number | undefined;
}

/** Of a golden file; its numbers may be such as `parseExactJson` reads. */
export function parseGolden(value: unknown, what = 'golden file'): Golden {
  return parseWith(golden, value, what);
}

const golden: Decoder<Golden> = (value, path, faults) => {
  const before = faults.length;
  const decoded = document(value, path, faults);
  if (faults.length > before) return decoded as never;
  refuseTwice(decoded.cases, 'cases', faults);
  const { latency, warmUps = DEFAULT_WARM_UPS } = decoded;
  const { repetitions = latency === undefined ? 1 : DEFAULT_TIMED_REPETITIONS } = decoded;
  const requests = decoded.cases.length * (warmUps + repetitions);
  if (requests > MOST_REQUESTS)
    refuse(faults, 'repetitions', `asks a server ${requests} times in all, at most ${MOST_REQUESTS} are made`);
  return {
    cases: decoded.cases.map(each => ({
      ...each,
      parameters: each.parameters,
      tolerance: {
        absolute: each.tolerance?.absolute ?? decoded.tolerance?.absolute ?? DEFAULT_ABSOLUTE,
        relative: each.tolerance?.relative ?? decoded.tolerance?.relative ?? DEFAULT_RELATIVE,
      },
    })),
    warmUps,
    repetitions,
    p95Ms: latency?.p95Ms,
  };
};

/** Where the cases and the signature that the model file declares contradict each other. */
export function checkGolden({ cases }: Golden, { spec }: Model): readonly Fault[] {
  const { signature } = spec;
  if (signature === undefined) return [];
  return cases.flatMap((each, index) =>
    (['inputs', 'outputs'] as const).flatMap(side =>
      each[side].flatMap((tensor, at) => {
        const path = `cases[${index}].${side}[${at}]`;
        const declared = signature[side].find(({ name }) => name === tensor.name);
        if (declared === undefined) {
          const known = signature[side].map(({ name }) => name).join(', ');
          return [{ path: `${path}.name`, message: `${describe(tensor.name)} is none of the model's: ${known}` }];
        }
        return contradictions(tensor, declared).map(([field, message]) => ({ path: `${path}.${field}`, message }));
      }),
    ),
  );
}

type Declared = NonNullable<Model['spec']['signature']>['inputs'][number];

const contradictions = (
  { datatype, shape }: GoldenTensor,
  declared: Declared,
): readonly (readonly [field: string, message: string])[] => [
  ...(datatype === declared.datatype
    ? []
    : [['datatype', `is ${datatype}, the model file says ${declared.datatype}`] as const]),
  ...(admits(declared.shape, shape)
    ? []
    : [
        ['shape', `${formatIndex(shape)} does not fit ${formatIndex(declared.shape)} of the model file`] as const,
      ]),
];

const admits = (declared: readonly number[], shape: readonly number[]): boolean =>
  declared.length === shape.length && declared.every((size, at) => size === -1 || size === shape[at]);
