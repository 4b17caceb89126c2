import { createHash } from 'node:crypto';
import { parseDigest } from '../image/digest';
import { type Manifest, parseManifest } from '../image/manifest';
import { OCI_LAYER_TAR, OCI_MANIFEST } from '../image/media-type';
import { chainIds, compressedImage, isMeasured, isMeasuredEntry, uncompressedImage } from './reuse-image';

const sha256 = (text: string) => parseDigest(`sha256:${createHash('sha256').update(text).digest('hex')}`);
const [a, b, c] = ['a', 'b', 'c'].map(sha256) as [
  ReturnType<typeof sha256>,
  ReturnType<typeof sha256>,
  ReturnType<typeof sha256>,
];

const manifest = (over: object = {}): Manifest =>
  parseManifest(
    {
      schemaVersion: 2,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: c, size: 7 },
      layers: [{ mediaType: OCI_LAYER_TAR, digest: a, size: 100 }],
      ...over,
    },
    OCI_MANIFEST,
  ) as Manifest;

it('weighs a manifest by its blobs, without its config, and knows foreign layers', () => {
  const layers = [
    { mediaType: OCI_LAYER_TAR, digest: a, size: 100 },
    { mediaType: OCI_LAYER_TAR, digest: b, size: 50, urls: ['https://example.com/layer'] },
    { mediaType: OCI_LAYER_TAR, digest: c, size: 25, urls: [] },
  ];
  expect(compressedImage(manifest({ layers }), { platform: 'linux/amd64' })).toEqual({
    basis: 'compressed',
    platform: 'linux/amd64',
    layers: [
      { key: a, sizeBytes: 100, isForeign: false },
      { key: b, sizeBytes: 50, isForeign: true },
      { key: c, sizeBytes: 25, isForeign: false },
    ],
  });
});

it('identifies an unpacked layer by all that lies below it', () => {
  const chain = chainIds([a, b, c], sha256);
  expect(chain).toEqual([a, sha256(`${a} ${b}`), sha256(`${sha256(`${a} ${b}`)} ${c}`)]);
  expect(chainIds([], sha256)).toEqual([]);
  expect(chainIds([b, a], sha256)[1]).not.toBe(chain[1]);
});

it('weighs unpacked layers by chain id', () => {
  const layers = [
    { diffId: a, sizeBytes: 10 },
    { diffId: b, sizeBytes: null },
  ];
  expect(uncompressedImage(layers, sha256)).toEqual({
    basis: 'uncompressed',
    layers: [
      { key: a, sizeBytes: 10 },
      { key: sha256(`${a} ${b}`), sizeBytes: null },
    ],
  });
});

it.each([
  ['an image', {}, true],
  ['a model packed as an artifact', { artifactType: 'application/vnd.cncf.model.manifest.v1+json' }, true],
  ['a referrer', { subject: { mediaType: OCI_MANIFEST, digest: b, size: 3 } }, false],
  [
    'a cosign signature',
    { layers: [{ mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', digest: a, size: 1 }] },
    false,
  ],
  ['an attestation', { layers: [{ mediaType: 'application/vnd.in-toto+json', digest: a, size: 1 }] }, false],
  ['an SBOM', { layers: [{ mediaType: 'application/spdx+json', digest: a, size: 1 }] }, false],
])('tells whether %s is measured', (_, over, expected) => {
  expect(isMeasured(manifest(over))).toBe(expected);
});

it('passes over the attestations that BuildKit hides in an index', () => {
  const entry = { mediaType: OCI_MANIFEST, digest: a, size: 1 };
  expect(isMeasuredEntry(entry)).toBe(true);
  expect(isMeasuredEntry({ ...entry, platform: { os: 'linux', architecture: 'amd64' } })).toBe(true);
  expect(isMeasuredEntry({ ...entry, platform: { os: 'unknown', architecture: 'unknown' } })).toBe(false);
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
  expect(isMeasuredEntry({ ...entry, annotations })).toBe(false);
});
