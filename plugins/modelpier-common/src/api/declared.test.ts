import { contradictionsOf } from './declared';

const tensor = { name: 'x', datatype: 'FP32', shape: [-1, 784] };
const facts = { format: 'onnx', inputs: [tensor], outputs: [tensor], sizeBytes: 1 } as const;
const call = { model: 'mnist', inputs: [tensor], outputs: [tensor] };

it('finds none where what was declared is what the files record', () => {
  expect(contradictionsOf({ version: { format: 'onnx' }, facts, call })).toEqual([]);
  expect(contradictionsOf({ version: { format: 'onnx' } })).toEqual([]);
});

it('tells each place where files and declaration contradict', () => {
  const declared = { ...call, inputs: [{ ...tensor, datatype: 'INT64' }] };
  expect(contradictionsOf({ version: { format: 'torchscript' }, facts, call: declared })).toEqual([
    'spec.format says torchscript, but the content is onnx',
    'spec.signature.inputs[0].datatype says INT64, but the file has FP32',
  ]);
});

it('tells what the files may bear out, but do not promise', () => {
  const fixed = { ...facts, inputs: [{ ...tensor, shape: [1, 784] }] };
  expect(contradictionsOf({ version: { format: 'onnx' }, facts: fixed, call })).toEqual([
    'spec.signature.inputs[0].shape says [any, 784], but the file has [1, 784]: requests of other sizes will fail',
  ]);
});
