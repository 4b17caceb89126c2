import { versionedNames } from './warnings';

it.each([
  'model-v2.pt',
  'model_v1.2.pt',
  'fraud-1.4.0.onnx',
  'weights-20250131.bin',
  'net.2025-01-31.pt',
  'ckpt-epoch12.pt',
  'step_500.safetensors',
])('warns of the version in %s', path => {
  expect(versionedNames([{ path: `out/${path}`, absolutePath: '', sizeBytes: 1 }])).toHaveLength(1);
});

it.each([
  'model.pt',
  'model-00001-of-00003.safetensors',
  'llama-3-8b.gguf',
  'resnet50.onnx',
  'mnist-mlp.pt',
  'notes-v2.md',
])('does not warn of %s', path => {
  expect(versionedNames([{ path, absolutePath: '', sizeBytes: 1 }])).toEqual([]);
});
