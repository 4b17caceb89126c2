import type { ModelFile } from '../model/model-file';
import { planLayers } from './plan';

const MIB = 1024 * 1024;
const file = (path: string, sizeBytes: number): ModelFile => ({
  path,
  absolutePath: `/w/${path}`,
  sizeBytes,
});
const shape = (plan: ReturnType<typeof planLayers>) =>
  plan.map(({ kind, files }) => `${kind}: ${files.map(({ path }) => path).join(' ')}`);

it.each([
  ['nothing for nothing', [], [], []],
  [
    'a large file as a layer of its own',
    [file('b.pt', 64 * MIB), file('a.pt', 64 * MIB)],
    [],
    ['weights: a.pt', 'weights: b.pt'],
  ],
  [
    'a file one byte smaller in a bundle',
    [file('b.pt', 64 * MIB - 1), file('a.pt', 1)],
    [],
    ['weights: a.pt b.pt'],
  ],
  [
    'small weights apart from what compresses and from what is packed already',
    [file('vocab.json', 9), file('model.pt', 9), file('data.npz', 9), file('labels.txt', 9)],
    [],
    ['weights: model.pt', 'assets: data.npz', 'assets: labels.txt vocab.json'],
  ],
  [
    'bundles of at most 256 MiB, in the order of the files',
    ['e', 'd', 'c', 'b', 'a'].map(name => file(`${name}.json`, 60 * MIB)),
    [],
    ['assets: a.json b.json c.json d.json', 'assets: e.json'],
  ],
  [
    'code last, and only once',
    [file('model.pt', 9), file('serve.py', 9)],
    [file('serve.py', 9), file('a/handler.py', 70 * MIB)],
    ['weights: model.pt', 'code: a/handler.py serve.py'],
  ],
  [
    'a large file that is no weights as weights, for it is as stable',
    [file('index.faiss', 100 * MIB), file('z.gguf', 1)],
    [],
    ['weights: index.faiss', 'weights: z.gguf'],
  ],
])('plans %s', (_, files, code, expected) => {
  expect(shape(planLayers(files, code))).toEqual(expected);
});

it('does not depend on the order in which files were found', () => {
  const files = ['c.json', 'a.pt', 'b.txt', 'd/e.npz'].map(path => file(path, 100));

  expect(planLayers([...files].reverse())).toEqual(planLayers(files));
});
