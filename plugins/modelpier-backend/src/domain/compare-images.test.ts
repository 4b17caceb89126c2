import { imageConfig, parseDigest, parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import { type ComparedImage, compareImages, type ComparedLayer } from './compare-images';
import type { KeptConfig } from './fetched-manifest';
import { readStartSettings } from './start-settings';

const layer = (of: string, files: readonly string[] | null): ComparedLayer => ({
  digest: parseDigest(`sha256:${of.repeat(64)}`),
  sizeBytes: 100,
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  kind: 'code',
  files,
});
const configOf = (config: object): KeptConfig => ({
  labels: {},
  diffIds: [],
  starts: readStartSettings(
    parseWith(
      imageConfig,
      { architecture: 'amd64', os: 'linux', config, rootfs: { type: 'layers', diff_ids: [] } },
      'config',
    ),
  ),
});
const image = (
  layers: readonly ComparedLayer[],
  config: object = {},
  metrics: Readonly<Record<string, number>> = {},
): ComparedImage => ({ layers, config: configOf(config), metrics });

it('tells layers, bytes and files that came, went and stayed', () => {
  const before = image([layer('a', []), layer('b', ['app/main.py', 'old.txt'])]);
  const after = image([layer('a', []), layer('c', ['app/main.py', 'new.txt']), layer('c', [])]);
  const diff = compareImages(before, after);
  expect(diff.layers.map(({ change, digest }) => `${change} ${digest[7] ?? ''}`)).toEqual([
    'same a',
    'added c',
    'added c',
    'removed b',
  ]);
  expect(diff.bytes).toEqual({ same: 100, added: 100, removed: 100 });
  expect(diff.files).toEqual([
    { path: 'app/main.py', change: 'changed' },
    { path: 'new.txt', change: 'added' },
    { path: 'old.txt', change: 'removed' },
  ]);
  expect(diff.areFilesComplete).toBe(true);
});

it('says that files are missing where a layer does not tell what it holds', () => {
  expect(compareImages(image([]), image([layer('a', null)])).areFilesComplete).toBe(false);
  expect(compareImages(image([layer('a', null)]), image([layer('a', null)])).areFilesComplete).toBe(true);
});

it('lists no more files than anybody reads', () => {
  const many = Array.from({ length: 1001 }, (_, at) => `f${at}`);
  const { files, areFilesComplete } = compareImages(image([]), image([layer('a', many)]));
  expect([files.length, areFilesComplete]).toEqual([1000, false]);
});

it('shows settings that are another, and never the value of a variable that may be a password', () => {
  const before = image([], { User: '1000', Env: ['MODELPIER_MODEL_NAME=a', 'API_TOKEN=hunter2', 'SAME=x'] });
  const after = image([], { Cmd: ['serve'], Env: ['MODELPIER_MODEL_NAME=b', 'API_TOKEN=hunter3', 'SAME=x'] });
  const { settings } = compareImages(before, after);
  expect(settings).toEqual([
    { name: 'command', change: 'added', before: null, after: '["serve"]' },
    { name: 'user', change: 'removed', before: '1000', after: null },
    { name: 'variable API_TOKEN', change: 'changed', before: null, after: null },
    { name: 'variable MODELPIER_MODEL_NAME', change: 'changed', before: 'a', after: 'b' },
  ]);
  expect(JSON.stringify([before, after])).not.toContain('hunter');
});

it('knows no settings of an image whose start nobody kept', () => {
  const old = { ...image([]), config: { labels: {}, diffIds: [] } };
  expect(compareImages(old, image([])).settings).toBeNull();
});

it('holds metrics of both against each other', () => {
  const { metrics } = compareImages(
    image([], {}, { loss: 1, size: 2 }),
    image([], {}, { loss: 0.5, size: 2, f1: 0 }),
  );
  expect(metrics).toEqual([
    { name: 'f1', before: null, after: 0 },
    { name: 'loss', before: 1, after: 0.5 },
  ]);
});
