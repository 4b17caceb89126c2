/** The model file of the specification, complete. */
export const COMPLETE = {
  apiVersion: 'modelpier.io/v1',
  kind: 'Model',
  metadata: {
    name: 'mnist-mlp',
    version: '1.4.0',
    title: 'Handwritten digits',
    description: 'Three-layer perceptron over 28x28 images',
    licenses: 'Apache-2.0',
    tags: ['vision', 'classification'],
  },
  spec: {
    format: 'torchscript',
    files: ['model.pt', 'tokenizer/', 'labels/*.txt', '..names'],
    signature: {
      inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 784] }],
      outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 10] }],
    },
    golden: 'tests/golden.json',
    metrics: { accuracy: 0.981 },
    training: { framework: 'pytorch 2.9', dataset: 'mnist', run: 'https://example.org/runs/1' },
    runtime: { image: `ghcr.io/acme/runtime-torchscript@sha256:${'a'.repeat(64)}`, port: 8080 },
    resources: { cpu: '500m', memory: '512Mi', gpu: 0 },
    scaling: { replicas: 3, maxReplicas: 10, targetCPU: 70 },
    scan: { allow: ['acme.models.Net', 'acme.layers.*'] },
    network: { allowFrom: ['shop', 'ingress-nginx'] },
  },
};

/** The complete file with the value at a path such as `spec.scaling.replicas` put in place. */
export function withValue(path: string, value: unknown): unknown {
  const document = structuredClone(COMPLETE) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce<Record<string, unknown>>(
    (object, key) => object[key] as Record<string, unknown>,
    document,
  );
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
  return document;
}

export const ACCEPTED: readonly [what: string, document: unknown][] = [
  ['the complete file', COMPLETE],
  ['no more than a name and a file', { ...COMPLETE, metadata: { name: 'm' }, spec: { files: ['m'] } }],
  ['empty sections, as YAML reads a key without a value', withValue('spec.scaling', null)],
  ['an empty version', withValue('metadata.version', null)],
  ['a version as a branch makes it', withValue('metadata.version', 'main-1a2b3c4')],
  ['the longest name', withValue('metadata.name', 'a'.repeat(63))],
  ['CPU as a number', withValue('spec.resources.cpu', 2)],
  ['CPU as a fraction', withValue('spec.resources.cpu', '0.5')],
  ['memory in powers of ten', withValue('spec.resources.memory', '2e9')],
  ['memory in bytes', withValue('spec.resources.memory', 536870912)],
  ['the highest port', withValue('spec.runtime.port', 65535)],
  ['as many replicas as at most', withValue('spec.scaling', { replicas: 3, maxReplicas: 3 })],
  ['a scalar output', withValue('spec.signature.outputs', [{ name: 'x', datatype: 'INT64', shape: [] }])],
];

/** Each with one fault; `beyondSchema` where JSON Schema cannot say it. */
export const REFUSED: readonly [path: string, value: unknown, message: string, note?: 'beyondSchema'][] = [
  ['apiVersion', 'modelpier.io/v2', 'expected modelpier.io/v1, got "modelpier.io/v2"'],
  ['kind', undefined, 'expected Model, got nothing'],
  ['metadata.name', 'Mnist', 'expected a DNS label'],
  ['metadata.name', 'a'.repeat(64), 'expected a DNS label'],
  ['metadata.name', 'mnist-', 'expected a DNS label'],
  ['metadata.version', '1.4.0+build', 'expected a version that can be an image tag'],
  ['metadata.version', 1.4, 'in quotes), got 1.4'],
  ['metadata.titel', 'x', 'unknown field; known are name, version, title'],
  ['spec.format', 'pickle', 'expected torchscript | torch-export'],
  ['spec.files', [], 'expected at least one entry, got none'],
  ['spec.files', undefined, 'expected a list, got nothing'],
  ['spec.golden', '../golden.json', "expected a path below the model file's folder"],
  ['spec.metrics', { accuracy: 'high' }, 'expected a number, got "high"'],
  ['spec.runtime.image', 'Acme/Model', 'is not an image reference', 'beyondSchema'],
  ['spec.runtime.port', 0, 'expected a whole number from 1 to 65535, got 0'],
  ['spec.runtime.port', 65536, 'expected a whole number from 1 to 65535, got 65536'],
  ['spec.runtime.port', '8080', 'expected a whole number from 1 to 65535, got "8080"'],
  ['spec.resources.cpu', '500 m', 'expected an amount above zero such as 500m, got "500 m"'],
  ['spec.resources.cpu', '0', 'expected an amount above zero'],
  ['spec.resources.cpu', -1, 'expected an amount above zero'],
  ['spec.resources.memory', '512MB', 'expected an amount above zero such as 512Mi, got "512MB"'],
  ['spec.resources.memory', '512m', '"m" means a thousandth; write 512Mi or 512M'],
  ['spec.resources.gpu', 0.5, 'expected a whole number of 0 or more, got 0.5'],
  ['spec.scaling.replicas', 0, 'expected a whole number from 1 to 150000, got 0'],
  ['spec.scaling.maxReplicas', 2, 'expected at least the 3 of spec.scaling.replicas, got 2', 'beyondSchema'],
  ['spec.scan.allow', ['*'], 'expected a name such as acme.models.Net or acme.models.*, got "*"'],
  ['spec.scan.allow', ['Net'], 'expected a name such as acme.models.Net'],
  ['spec.scaling.targetCPU', 0, 'expected a whole number from 1 to 100, got 0'],
  ['spec.network', {}, 'expected a list, got nothing'],
  ['spec.network.allowFrom', [], 'expected at least one entry, got none'],
  ['spec.network.allowFrom', ['Shop'], 'expected a DNS label'],
  ['spec.scaling.targetCPU', 101, 'expected a whole number from 1 to 100, got 101'],
];
