import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspectFiles } from '../../action/src/inspect/inspect-files';

/** Saved by the real libraries, see generate.py there. */
const FOLDER = join(__dirname, '../fixtures/models/clean');
const NAMES = readdirSync(FOLDER);

async function inspect(name: string) {
  const absolutePath = join(FOLDER, name);
  const file = { path: name, absolutePath, sizeBytes: statSync(absolutePath).size };
  const scratchFolder = (): Promise<string> => Promise.reject(new Error('nothing here is that large'));
  const [inspected] = await inspectFiles([file], { allowed: [], directory: FOLDER, scratchFolder });
  return inspected!;
}

it.each(NAMES)('raises no false alarm over %s', async name => {
  const { findings, verdict } = await inspect(name);

  expect(findings).toEqual([]);
  expect(['safe', 'executable-format']).toContain(verdict);
});

it.each([
  ['perceptron-scripted.pt', { format: 'torchscript', tensors: 4, parameters: 75, datatypes: { FP32: 75 } }],
  [
    'perceptron-scripted.pt',
    { inputs: [{ name: 'image' }], operators: expect.arrayContaining(['aten::relu']) as unknown },
  ],
  ['quantized.pt', { format: 'torchscript', datatypes: { FP32: 9, INT8: 66 } }],
  ['checkpoint.pt', { format: 'torch-save', tensors: 16, parameters: 229 }],
  ['legacy-state.pt', { format: 'torch-save', tensors: 4, parameters: 75 }],
  [
    'types.pt',
    { datatypes: expect.objectContaining({ BF16: 2, FP16: 2, COMPLEX64: 2, BOOL: 2 }) as unknown },
  ],
  [
    'perceptron.onnx',
    {
      format: 'onnx',
      producer: 'pytorch 1.13.0',
      opsets: { 'ai.onnx': 13 },
      inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 8] }],
      outputs: [{ name: 'output', datatype: 'FP32', shape: [-1, 3] }],
      operators: ['Gemm', 'Relu'],
      parameters: 75,
    },
  ],
  ['recurrent.onnx', { inputs: [{ name: 'input', datatype: 'INT64', shape: [-1, 5] }] }],
  ['ball.joblib', { format: 'joblib', producer: 'scikit-learn 1.2.1' }],
  ['histogram-zlib.joblib', { format: 'joblib', producer: 'scikit-learn 1.2.1' }],
  ['ridge.joblib.gz', { format: 'joblib', parameters: 4 }],
  ['columns-p2.pkl', { format: 'pickle', formatVersion: 'protocol 2', producer: 'scikit-learn 1.2.1' }],
  ['forest-p5.pkl', { format: 'pickle', parameters: 38 }],
  ['xgb-p4.pkl', { format: 'pickle', producer: 'xgboost.sklearn.XGBClassifier' }],
  ['booster.json', { format: 'xgboost', producer: 'xgboost 1.7.4' }],
  ['booster.ubj', { format: 'xgboost', formatVersion: 'UBJSON' }],
  ['array.npy', { format: 'npy', datatypes: { FP32: 160 } }],
  ['arrays.npz', { format: 'npz', tensors: 2, datatypes: { FP64: 160, INT64: 3 } }],
  ['weights.h5', { format: 'keras' }],
  // As newer libraries write them, see generate-newer.py there.
  ['perceptron.pt2', { format: 'torch-export', tensors: 4, parameters: 75, datatypes: { FP32: 75 } }],
  [
    'perceptron-torch2.pt',
    { format: 'torchscript', tensors: 4, parameters: 75, inputs: [{ name: 'image' }] },
  ],
  ['checkpoint-torch2.pt', { format: 'torch-save', tensors: 5, datatypes: { FP32: 75, UINT8: 8 } }],
  ['perceptron.safetensors', { format: 'safetensors', tensors: 4, parameters: 75 }],
  ['neighbors-sklearn14.joblib', { format: 'joblib', producer: 'scikit-learn 1.4.2' }],
  ['objects-numpy2.pkl', { format: 'pickle', datatypes: { INT64: 3 } }],
  [
    'branches.onnx',
    {
      format: 'onnx',
      opsets: { 'ai.onnx': 20 },
      operators: ['If', 'Neg', 'Relu'],
      inputs: [
        { name: 'flag', datatype: 'BOOL', shape: [] },
        { name: 'x', datatype: 'FP32', shape: [2] },
      ],
    },
  ],
])('knows the facts of %s', async (name, facts) => {
  expect((await inspect(name)).facts).toMatchObject(facts);
});
