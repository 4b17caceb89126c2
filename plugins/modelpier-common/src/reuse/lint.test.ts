import { parseDigest } from '../image/digest';
import { explainNewLayers, type LintedLayer } from './lint';

const digest = (of: number) => parseDigest(`sha256:${of.toString(16).padStart(64, '0')}`);
const layer = (of: number, over: Partial<LintedLayer> = {}): LintedLayer => ({
  digest: digest(of),
  isBase: false,
  files: [],
  ...over,
});
const explain = (layers: readonly LintedLayer[], previous: readonly LintedLayer[]) =>
  [...explainNewLayers(layers, previous)].map(([of, reason]) => [Number.parseInt(of.slice(7), 16), reason]);

const BEFORE = [
  layer(1, { isBase: true, diffId: digest(101) }),
  layer(2, { files: ['/models/net-v1.2.pt'], diffId: digest(102) }),
  layer(3, { files: ['/app/server.py'], diffId: digest(103) }),
];

it.each([
  ['the same bytes under another compression', layer(12, { diffId: digest(102) }), 'recompressed'],
  ['a newer base image', layer(11, { isBase: true, diffId: digest(111) }), 'base-changed'],
  ['a file whose name carries the version', layer(12, { files: ['/models/net-v2.pt'] }), 'versioned-name'],
  ['a file of the same name', layer(13, { files: ['/app/server.py'] }), 'content-changed'],
  ['a file that was not there', layer(14, { files: ['/models/labels.txt'] }), 'added'],
  ['a file of the same name in another folder', layer(15, { files: ['/data/net-v1.2.pt'] }), 'moved'],
  [
    'files of which one was renamed',
    layer(17, { files: ['/app/server.py', '/app/net-v2.pt'] }),
    'content-changed',
  ],
  ['a layer nobody knows anything of', layer(16), 'added'],
])('explains %s', (_, changed, reason) => {
  expect(explain([...BEFORE, changed], BEFORE)).toEqual([
    [Number.parseInt(changed.digest.slice(7), 16), reason],
  ]);
});

it('has nothing to explain where every layer was there', () => {
  expect(explain(BEFORE, BEFORE)).toEqual([]);
});

it('calls an image squashed where one layer took the place of several', () => {
  expect(explain([layer(9)], BEFORE)).toEqual([[9, 'squashed']]);
  expect(explain([layer(9)], [layer(8)])).toEqual([[9, 'added']]);
});

it('blames the time stamps where every file got another, for the content alone would not have moved it', () => {
  const changed = layer(12, { files: ['/models/net-v1.2.pt'], diffId: digest(112) });
  const added = layer(13, { files: ['/models/labels.txt'] });
  expect([...explainNewLayers([changed, added], BEFORE, { isRedated: true }).values()]).toEqual([
    'time-stamps',
    'added',
  ]);
});
