import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModel } from '@modelpier/backstage-plugin-modelpier-common';
import { goldenDocument } from '../../../plugins/modelpier-common/src/golden/golden.fixture';
import { readGolden } from './read-golden';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'modelpier-golden-'));
  await mkdir(join(workspace, 'model'));
});
afterEach(() => rm(workspace, { recursive: true }));

const read = (golden?: string, signature?: unknown): ReturnType<typeof readGolden> =>
  readGolden({
    workspace,
    directory: join(workspace, 'model'),
    model: parseModel({
      apiVersion: 'modelpier.io/v1',
      kind: 'Model',
      metadata: { name: 'mnist' },
      spec: { files: ['model.pt'], golden, signature },
    }),
  });
const write = (text: string, path = 'golden.json'): Promise<void> =>
  writeFile(join(workspace, 'model', path), text);

it('takes the file beside the model file, or the one that is named', async () => {
  expect(await read()).toBeUndefined();
  await write(JSON.stringify(goldenDocument()));
  await write(JSON.stringify(goldenDocument({ repetitions: 7 })), 'other.json');
  expect(await read()).toMatchObject({ path: 'model/golden.json', golden: { repetitions: 1 } });
  expect(await read('other.json')).toMatchObject({ path: 'model/other.json', golden: { repetitions: 7 } });
});

it('misses a file that is named and not there', async () => {
  await expect(read('none.json')).rejects.toMatchObject({
    code: 'not-found',
    message: 'the golden file model/none.json that spec.golden names cannot be read',
  });
});

it('says every fault and where it is, also behind a letter of several bytes', async () => {
  await write(`{
  "apiVersion": "modelpier.io/v1", "kind": "Golden",
  "tolerance": { "absolute": -1 },
  "cases": [
    { "name": "ü", "inputs": [{ "name": "x", "datatype": "FP32", "shape": [2, 1],
      "data": [[1], ["é"]] }], "outputs": [{ "name": "y", "datatype": "INT8", "shape": [1], "data": [128] }] }
  ]
}`);
  await expect(read()).rejects.toMatchObject({
    code: 'invalid-document',
    faults: [
      { path: 'tolerance.absolute', at: { file: 'model/golden.json', line: 3, column: 30 } },
      { path: 'cases[0].inputs[0].data[1][0]', at: { line: 6, column: 22 } },
      { path: 'cases[0].outputs[0].data[0]', at: { line: 6, column: 102 } },
    ],
    message: expect.stringMatching(
      /^model\/golden.json is not valid: model\/golden.json:3:30: tolerance.absolute: expected/,
    ) as string,
  });
});

it('holds the cases against the signature of the model file', async () => {
  await write(JSON.stringify(goldenDocument()));
  const signature = { inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 3] }], outputs: [] };
  await expect(read(undefined, signature)).rejects.toMatchObject({
    faults: [{ path: 'cases[0].inputs[0].shape', at: { line: 1 } }, { path: 'cases[0].outputs[0].name' }],
  });
});

it.each([
  ['no JSON', '{"cases": [NaN]}', /golden.json is not JSON: Unexpected token 'N'/],
  ['nothing', '', /golden.json is not JSON/],
])('refuses %s', async (_what, text, words) => {
  await write(text);
  await expect(read()).rejects.toThrow(words);
});

it('reads nothing outside of the workspace', async () => {
  await symlink('/etc/hostname', join(workspace, 'model', 'golden.json'));
  await expect(read()).rejects.toMatchObject({ code: 'invalid-input' });
});
