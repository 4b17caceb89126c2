import { parseModel } from '../model/model';
import { checkGolden, parseGolden } from './golden-file';
import { goldenDocument, goldenOf, IMAGE, LOGITS } from './golden.fixture';

it('completes what a golden file leaves out', () => {
  expect(goldenOf()).toMatchObject({ warmUps: 1, repetitions: 1, p95Ms: undefined });
  expect(goldenOf().cases[0]?.tolerance).toEqual({ absolute: 1e-5, relative: 1e-4 });
  expect(goldenOf({ latency: { p95Ms: 50 } })).toMatchObject({ repetitions: 20, p95Ms: 50 });
});

it("takes the tolerance of a case, then the file's", () => {
  const { cases } = goldenOf({
    tolerance: { absolute: 0.1, relative: 0 },
    cases: [{ name: 'four', inputs: [IMAGE], outputs: [LOGITS], tolerance: { absolute: 0.5 } }],
  });
  expect(cases[0]?.tolerance).toEqual({ absolute: 0.5, relative: 0 });
});

it('takes nested data for what it is flat', () => {
  const inputs = [{ ...IMAGE, shape: [2, 1, 2], data: [[[1, 2]], [[3, 4]]] }];
  const [first] = goldenOf({ cases: [{ name: 'x', inputs, outputs: [LOGITS] }] }).cases;
  expect(first?.inputs[0]?.data).toEqual([1, 2, 3, 4]);
});

const withTensor = (over: object): unknown =>
  goldenDocument({ cases: [{ name: 'x', inputs: [{ ...IMAGE, ...over }], outputs: [LOGITS] }] });

it.each<[string, unknown, string]>([
  ['no case', goldenDocument({ cases: [] }), 'cases: expected at least one entry'],
  ['a field nobody knows', goldenDocument({ tolerances: {} }), 'tolerances: unknown field'],
  ['a negative tolerance', goldenDocument({ tolerance: { absolute: -1 } }), 'tolerance.absolute: expected'],
  ['a limit of zero', goldenDocument({ latency: { p95Ms: 0 } }), 'latency.p95Ms: expected a number above'],
  ['too many requests', goldenDocument({ repetitions: 10_000 }), 'repetitions: asks a server 10001 times'],
  [
    'two cases of one name',
    goldenDocument({ cases: [1, 2].map(() => ({ name: 'x', inputs: [IMAGE], outputs: [LOGITS] })) }),
    'cases[1].name: "x" is there already',
  ],
  [
    'two inputs of one name',
    goldenDocument({ cases: [{ name: 'x', inputs: [IMAGE, IMAGE], outputs: [LOGITS] }] }),
    'cases[0].inputs[1].name: "image" is there already',
  ],
  ['a name of two lines', goldenDocument({ cases: [{ name: 'a\nb' }] }), 'cases[0].name: expected a name'],
  ['too little data', withTensor({ data: [1] }), 'data: expected 2 elements by its shape [1, 2], got 1'],
  ['rows of another length', withTensor({ data: [[1], [2]] }), 'is nested in another way than its shape'],
  ['an element of another type', withTensor({ data: [1, 'a'] }), 'data[1]: expected a number that the type holds, got "a"'],
  ['such an element in a row', withTensor({ data: [[1, null]] }), 'data[0][1]: expected a number'],
  ['no data', withTensor({ data: undefined }), 'data: expected a list, got nothing'],
  ['a shape of any size', withTensor({ shape: [-1, 2] }), 'shape[0]: expected a whole number of 0 or more'],
  ['a shape beyond memory', withTensor({ shape: [9e15, 9e15] }), 'shape: expected at most 8388608 elements'],
  ['another datatype', withTensor({ datatype: 'BF16' }), 'datatype: expected BOOL'],
])('refuses %s', (_what, document, words) => {
  expect(() => parseGolden(document)).toThrow(words);
});

it.each<[string, unknown, boolean]>([
  ['BOOL', true, true],
  ['BOOL', 1, false],
  ['UINT8', 255, true],
  ['UINT8', 256, false],
  ['UINT8', -1, false],
  ['INT8', -128, true],
  ['INT8', 127.5, false],
  ['UINT16', 65_535, true],
  ['UINT32', 4_294_967_296, false],
  ['INT32', -2_147_483_648, true],
  ['INT64', 9_223_372_036_854_775_807n, true],
  ['INT64', 9_223_372_036_854_775_808n, false],
  ['UINT64', 18_446_744_073_709_551_615n, true],
  ['UINT64', -1n, false],
  ['FP16', 65_504, true],
  ['FP16', 70_000, false],
  ['FP32', 3.4e38, true],
  ['FP32', 3.5e38, false],
  ['FP64', 1e308, true],
  ['FP64', NaN, false],
  ['FP64', Infinity, false],
  ['FP64', null, false],
  ['FP64', 12_345_678_901_234_567_890n, true],
  ['BYTES', 'a text', true],
  ['BYTES', 1, false],
])('holds of %s the value %s: %s', (datatype, element, isHeld) => {
  const parse = (): unknown => parseGolden(withTensor({ datatype, shape: [1], data: [element] }));
  if (isHeld) expect(parse()).toMatchObject({ repetitions: 1 });
  else expect(parse).toThrow('data[0]: expected');
});

describe('against the model file', () => {
  const model = parseModel({
    apiVersion: 'modelpier.io/v1',
    kind: 'Model',
    metadata: { name: 'mnist' },
    spec: {
      files: ['model.pt'],
      signature: {
        inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 2] }],
        outputs: [{ name: 'logits', datatype: 'FP64', shape: [-1, 10] }],
      },
    },
  });

  it('finds each contradiction and where it is', () => {
    const faults = checkGolden(
      goldenOf({
        cases: [{ name: 'x', inputs: [{ ...IMAGE, name: 'picture' }], outputs: [LOGITS] }],
      }),
      model,
    );
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'cases[0].inputs[0].name "picture" is none of the model\'s: image',
      'cases[0].outputs[0].datatype is FP32, the model file says FP64',
      'cases[0].outputs[0].shape [1, 2] does not fit [-1, 10] of the model file',
    ]);
  });
});
