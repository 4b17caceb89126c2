import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readModel, type ModelOverrides } from './read-model';

let workspace = '';

beforeEach(async () => {
  workspace = join(await mkdtemp(join(tmpdir(), 'modelpier-model-')), 'repository');
  await mkdir(workspace);
});
afterEach(() => rm(dirname(workspace), { recursive: true, force: true }));

const write = async (path: string, content: string | Buffer = path): Promise<void> => {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), content);
};
const read = (file = 'model.yaml', overrides: ModelOverrides = {}) =>
  readModel({ workspace, file, overrides });

const YAML = `# yaml-language-server: $schema=model.schema.json
apiVersion: modelpier.io/v1
kind: Model
metadata:
  name: digits
  version: "1.4"
spec:
  files: [model.pt, assets]
  signature:
    inputs: [{ name: image, datatype: FP32, shape: [-1, 784] }]
    outputs: [{ name: logits, datatype: FP32, shape: [-1, 10] }]
`;

it('reads the model and finds its files beside it', async () => {
  await write('models/digits/model.yaml', YAML);
  await write('models/digits/model.pt', 'PK');
  await write('models/digits/assets/labels.json');

  const { model, format, files, directory } = await read('models/digits/model.yaml');

  expect(model.metadata).toEqual({ name: 'digits', version: '1.4' });
  expect(format).toBe('other');
  expect(directory).toBe(join(workspace, 'models/digits'));
  expect(files.map(({ path }) => path)).toEqual(['assets/labels.json', 'model.pt']);
});

it('names every fault with its line and column', async () => {
  await write(
    'model.yaml',
    'apiVersion: modelpier.io/v1\nkind: Model\nmetadata:\n  name: Digits\n  version: 1.4\n  owner: me\nspec:\n  resources: { cpu: 1, gpu: -1 }\n',
  );

  await expect(read()).rejects.toMatchObject({
    code: 'invalid-document',
    message: expect.stringMatching(
      /^model.yaml is not valid: .*model\.yaml:6:3: metadata\.owner: unknown field/s,
    ) as string,
    faults: expect.arrayContaining([
      expect.objectContaining({ path: 'metadata.name', at: { file: 'model.yaml', line: 4, column: 3 } }),
      expect.objectContaining({ path: 'metadata.version', at: { file: 'model.yaml', line: 5, column: 3 } }),
      expect.objectContaining({ path: 'spec.files', at: { file: 'model.yaml', line: 7, column: 1 } }),
      expect.objectContaining({
        path: 'spec.resources.gpu',
        at: { file: 'model.yaml', line: 8, column: 24 },
      }),
    ]) as unknown,
  });
});

it('names the place of a pattern that matches nothing', async () => {
  await write('model.yaml', YAML);
  await write('assets/labels.json');

  await expect(read()).rejects.toThrow(
    'model.yaml is not valid: model.yaml:8:11: spec.files[0]: "model.pt" matches no file',
  );
});

it('names the place of a syntax error', async () => {
  await write('model.yaml', 'kind: Model\nkind: Model\n');

  await expect(read()).rejects.toThrow('model.yaml:2:1: Map keys must be unique');
});

it('lays inputs over the file', async () => {
  await write('model.yaml', YAML);
  await write('out/best.onnx');

  const overrides = { name: 'fraud', version: '2.0.0', format: 'onnx', patterns: ['out/*.onnx'] } as const;
  const { model, format, files } = await read('model.yaml', overrides);

  expect(model.metadata).toEqual({ name: 'fraud', version: '2.0.0' });
  expect(model.spec.signature?.inputs).toHaveLength(1);
  expect(format).toBe('onnx');
  expect(files.map(({ path }) => path)).toEqual(['out/best.onnx']);
});

it('looks for no files where a job has none', async () => {
  await write('model.yaml', YAML);

  const read = readModel({ workspace, file: 'model.yaml', skipFiles: true });

  await expect(read).resolves.toMatchObject({ files: [], model: { metadata: { name: 'digits' } } });
});

it('needs no file where inputs name model and files', async () => {
  await write('model.onnx');

  const { model, format } = await read('model.yaml', { name: 'fraud', patterns: ['model.onnx'] });

  expect(model.metadata.name).toBe('fraud');
  expect(format).toBe('onnx');
});

it('names the input that gave a bad value', async () => {
  await write('model.yaml', YAML);

  await expect(read('model.yaml', { name: 'Not A Label' })).rejects.toThrow(
    'input model-name: expected a DNS label',
  );
});

it.each(['Kitfile', 'models/MLmodel'])('refuses %s, which is not read yet', async file => {
  await expect(read(file)).rejects.toMatchObject({ code: 'unsupported' });
});

it.each(['../model.yaml', 'link.yaml'])('reads nothing outside the workspace: %s', async file => {
  await symlink('/etc/hostname', join(workspace, 'link.yaml'));
  await writeFile(join(workspace, '../model.yaml'), YAML);

  await expect(read(file)).rejects.toThrow('lies outside the workspace');
});

it('says what to do where there is no model file', async () => {
  await expect(read()).rejects.toMatchObject({
    code: 'not-found',
    hint: 'add a model.yaml, name it by model-file, or give model-name and model as inputs',
  });
});

it.each([
  ['aliases that multiply', `a: &a [x,x,x,x,x,x,x,x,x]\n${bomb(6)}`],
  ['endless nesting', '['.repeat(200_000)],
  ['a huge file', `# ${'x'.repeat(300_000)}`],
])('survives %s', async (_, source) => {
  await write('model.yaml', source);

  await expect(read()).rejects.toMatchObject({ name: 'ModelpierError' });
});

function bomb(depth: number): string {
  return 'bcdefghij'
    .slice(0, depth)
    .split('')
    .map((name, index) => {
      const below = String.fromCharCode(name.charCodeAt(0) - 1);
      return `${name}: &${name} [${Array(9).fill(`*${below}`).join(',')}] # ${index}`;
    })
    .join('\n');
}

it.each([
  ['model.pt', 'PK..model/data.pkl..model/constants.pkl..PK', 'torchscript'],
  ['model.pt', 'PK..archive_format..model/archive_format..PK', 'torch-export'],
  ['model.pt', 'PK..model/data.pkl..PK', 'other'],
  ['model.pt2', '', 'torch-export'],
  ['model.safetensors', '', 'safetensors'],
  ['model.gguf', '', 'gguf'],
  ['saved_model.pb', '', 'tensorflow'],
  ['model.joblib', '', 'sklearn'],
  ['weights.dat', '', 'other'],
])('detects the format of %s holding %j as %s', async (name, content, expected) => {
  await write(name, content);

  expect((await read('model.yaml', { name: 'm', patterns: [name] })).format).toBe(expected);
});
