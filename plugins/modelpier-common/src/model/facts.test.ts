import { checkFacts, signatureOf } from './check-facts';
import { compareFacts } from './compare-facts';
import { combineFacts, type ModelFacts, parseModelFacts } from './facts';
import { parseModel } from './model';
import { COMPLETE, withValue } from './model.fixture';
import { formatPlace, formatVerdict, isBlocked, VERDICTS, worstVerdict } from './verdict';

const IMAGE = { name: 'image', datatype: 'FP32', shape: [-1, 784] };
const LOGITS = { name: 'logits', datatype: 'FP32', shape: [-1, 10] };
const ONNX: ModelFacts = { format: 'onnx', inputs: [IMAGE], outputs: [LOGITS], sizeBytes: 100 };
const onnxModel = (path = 'spec.format', value: unknown = 'onnx') => {
  const document = withValue('spec.format', 'onnx') as { spec: Record<string, unknown> };
  if (path === 'spec.signature.inputs')
    (document.spec['signature'] as Record<string, unknown>)['inputs'] = value;
  return parseModel(document);
};

describe('what a person wrote against what the files say', () => {
  it('finds nothing where both agree', () => {
    expect(checkFacts(onnxModel(), ONNX)).toEqual({ faults: [], warnings: [] });
  });

  it.each([
    ['another type', { ...IMAGE, datatype: 'FP64' }, 'spec.signature.inputs[0].datatype', 'says FP64'],
    ['another rank', { ...IMAGE, shape: [784] }, 'spec.signature.inputs[0].shape', 'says [784]'],
    [
      'another size',
      { ...IMAGE, shape: [-1, 28] },
      'spec.signature.inputs[0].shape',
      'the file has [any, 784]',
    ],
    ['another name', { ...IMAGE, name: 'x' }, 'spec.signature.inputs[0].name', "none of the file's: image"],
  ])('refuses %s', (_, input, path, message) => {
    const { faults } = checkFacts(onnxModel('spec.signature.inputs', [input]), ONNX);

    expect(faults).toEqual([{ path, message: expect.stringContaining(message) as string }]);
  });

  it('refuses another number of inputs, and another format', () => {
    const none = checkFacts(onnxModel('spec.signature.inputs', []), ONNX);
    const other = checkFacts(parseModel(COMPLETE), { ...ONNX, inputs: undefined, outputs: undefined });

    expect(none.faults.map(({ path }) => path)).toEqual(['spec.signature.inputs']);
    expect(other.faults).toEqual([
      { path: 'spec.format', message: 'says torchscript, but the content is onnx' },
    ]);
  });

  it('warns where more is promised than the file gives, or no format was recognised', () => {
    const fixed = { ...ONNX, inputs: [{ ...IMAGE, shape: [1, 784] }] };

    expect(checkFacts(onnxModel(), fixed).warnings).toEqual([
      expect.stringContaining('requests of other sizes'),
    ]);
    expect(checkFacts(onnxModel(), undefined).warnings).toEqual([
      expect.stringContaining('no file was recognised'),
    ]);
  });

  it('goes by position where the runtime does', () => {
    const scripted: ModelFacts = { format: 'torchscript', inputs: [{ name: 'x' }], sizeBytes: 1 };

    expect(checkFacts(parseModel(COMPLETE), scripted)).toEqual({ faults: [], warnings: [] });
  });
});

it('fills in a signature only where the file records all of it', () => {
  expect(signatureOf(ONNX)).toEqual({ inputs: [IMAGE], outputs: [LOGITS] });
  expect(signatureOf({ ...ONNX, inputs: [{ name: 'x' }] })).toBeUndefined();
  expect(signatureOf({ ...ONNX, inputs: [{ ...IMAGE, datatype: 'BF16' }] })).toBeUndefined();
});

describe('two versions', () => {
  const changes = (after: Partial<ModelFacts>) => compareFacts(ONNX, { ...ONNX, ...after });

  it('are the same where nothing changed', () => {
    expect(changes({})).toEqual([]);
  });

  it.each([
    ['an input is gone', { inputs: [] }, true],
    ['an input is new', { inputs: [IMAGE, { name: 'mask' }] }, true],
    ['an output is new', { outputs: [LOGITS, { name: 'more' }] }, false],
    ['an output is gone', { outputs: [] }, true],
    ['an input has another type', { inputs: [{ ...IMAGE, datatype: 'FP16' }] }, true],
    ['an input takes less', { inputs: [{ ...IMAGE, shape: [1, 784] }] }, true],
    ['an input takes more', { inputs: [{ ...IMAGE, shape: [-1, -1] }] }, false],
    ['an output promises less', { outputs: [{ ...LOGITS, shape: [-1, -1] }] }, true],
    ['an output promises more', { outputs: [{ ...LOGITS, shape: [1, 10] }] }, false],
  ])('differ where %s: breaking %#', (_, after, isBreaking) => {
    expect(changes(after)).toEqual([expect.objectContaining({ what: 'signature', isBreaking })]);
  });

  it('tell what breaks first, then the rest', () => {
    const told = compareFacts(
      { ...ONNX, parameters: 10, datatypes: { FP32: 10 } },
      {
        ...ONNX,
        format: 'torchscript',
        inputs: [],
        parameters: 20,
        datatypes: { FP16: 20 },
        sizeBytes: 2000,
      },
    );

    expect(told.map(({ text }) => text)).toEqual([
      'input image is gone',
      'format: onnx became torchscript',
      'parameters: 10 became 20',
      'data types: FP32 became FP16',
      'size: 100 B became 2 kB',
    ]);
  });
});

it('takes the leading file for the model, and counts all of its format', () => {
  const shard = (parameters: number): ModelFacts => ({
    format: 'safetensors',
    parameters,
    tensors: 1,
    datatypes: { FP16: parameters },
    sizeBytes: 10,
  });
  const pickle: ModelFacts = { format: 'torch-save', sizeBytes: 1 };
  const files = [shard(3), pickle, shard(4), { format: 'other', sizeBytes: 5 } as const];

  expect(combineFacts(files, 'safetensors')).toMatchObject({
    format: 'safetensors',
    parameters: 7,
    tensors: 2,
    sizeBytes: 26,
  });
  expect(combineFacts(files)).toMatchObject({ format: 'torch-save' });
  expect(combineFacts([{ format: 'other', sizeBytes: 5 }])).toBeUndefined();
});

it('reads back what it wrote', () => {
  expect(parseModelFacts(JSON.parse(JSON.stringify(ONNX)))).toEqual(ONNX);
});

it('knows the worst of several verdicts, and blocks what is worse than executable', () => {
  expect(worstVerdict([])).toBe('safe');
  expect(worstVerdict(['safe', 'suspicious', 'executable-format'])).toBe('suspicious');
  expect(VERDICTS.filter(isBlocked)).toEqual(['suspicious', 'dangerous']);
});

it('never says that a model is clean', () => {
  expect(VERDICTS.map(formatVerdict).join()).not.toMatch(/clean|harmless|no risk|secure/);
  expect(formatVerdict('safe')).toBe('nothing known found');
});

it('says where a finding is', () => {
  expect(formatPlace({ file: 'm.pt', member: 'a/data.pkl', offset: 7 })).toBe('m.pt: a/data.pkl at byte 7');
});
