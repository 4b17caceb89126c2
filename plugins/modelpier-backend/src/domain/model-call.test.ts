import { IMAGE_FACTS, IMAGE_MODEL } from '@modelpier/backstage-plugin-modelpier-common';
import type { KeptConfig } from './fetched-manifest';
import { callOf, factsOf } from './model-call';

const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [-1, 784] });
const facts = { format: 'onnx', sizeBytes: 10, inputs: [tensor('x')], outputs: [tensor('y')] };
const annotations = [{}, { [IMAGE_MODEL]: 'mnist', [IMAGE_FACTS]: JSON.stringify(facts) }];
const configWith = (env: Readonly<Record<string, string>>): KeptConfig => ({
  labels: {},
  diffIds: [],
  starts: { ports: [], env, hiddenEnv: {} },
});

it('takes the signature that was declared before what the files say', () => {
  const declared = { inputs: [tensor('image')], outputs: [tensor('digit')] };
  const config = configWith({ MODELPIER_SIGNATURE: JSON.stringify(declared) });
  expect(callOf({ annotations, config })).toEqual({ model: 'mnist', ...declared });
  expect(callOf({ annotations, config: undefined })).toEqual({
    model: 'mnist',
    inputs: [tensor('x')],
    outputs: [tensor('y')],
  });
});

it.each([
  ['no model', [{ [IMAGE_FACTS]: JSON.stringify(facts) }]],
  ['no facts', [{ [IMAGE_MODEL]: 'mnist' }]],
  ['facts that are no JSON', [{ [IMAGE_MODEL]: 'mnist', [IMAGE_FACTS]: '{' }]],
  ['facts of another shape', [{ [IMAGE_MODEL]: 'mnist', [IMAGE_FACTS]: '{"format":7}' }]],
])('says nothing where there are %s', (_, given) => {
  const sayings = { annotations: given, config: configWith({ MODELPIER_SIGNATURE: 'nonsense' }) };
  expect(callOf(sayings)).toBeUndefined();
});

it('passes over facts that are too long to be facts', () => {
  const long = JSON.stringify({ ...facts, producer: 'x'.repeat(70_000) });
  expect(factsOf({ annotations: [{ [IMAGE_FACTS]: long }], config: undefined })).toBeUndefined();
});
