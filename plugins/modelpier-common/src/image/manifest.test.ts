import { ModelpierError } from '../error';
import { type Index, isIndex, type Manifest, parseManifest } from './manifest';
import {
  DOCKER_LAYER_GZIP,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  isIndexMediaType,
  isManifestMediaType,
  OCI_INDEX,
  OCI_LAYER_GZIP,
  OCI_LAYER_ZSTD,
  OCI_MANIFEST,
  ociLayerMediaType,
} from './media-type';

const digest = (of: string) => `sha256:${of.repeat(64).slice(0, 64)}`;
const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('a'), size: 1470 };
const layers = [{ mediaType: OCI_LAYER_GZIP, digest: digest('b'), size: 28_231_914 }];
const untyped = { schemaVersion: 2, config, layers };
const oci = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
const docker = {
  schemaVersion: 2,
  mediaType: DOCKER_MANIFEST,
  config: { ...config, mediaType: 'application/vnd.docker.container.image.v1+json' },
  layers: [{ mediaType: DOCKER_LAYER_GZIP, digest: digest('c'), size: 0 }],
};
const manifests = [
  {
    mediaType: OCI_MANIFEST,
    digest: digest('d'),
    size: 527,
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8', 'os.version': '1' },
  },
  { mediaType: OCI_MANIFEST, digest: digest('e'), size: 566, platform: null, annotations: { a: 'b' } },
];

function refusal(json: unknown, contentType: string): ModelpierError {
  try {
    parseManifest(json, contentType);
  } catch (error) {
    if (error instanceof ModelpierError) return error;
  }
  throw new Error('the manifest was taken');
}

it.each([
  ['OCI', oci, OCI_MANIFEST],
  ['Docker', docker, DOCKER_MANIFEST],
])('reads an %s manifest', (_, json, contentType) => {
  const read = parseManifest(json, contentType);
  expect(read).toEqual(json);
  expect(isIndex(read)).toBe(false);
});

it.each([
  ['OCI', OCI_INDEX],
  ['Docker', DOCKER_LIST],
])('reads an %s index, with and without platforms', (_, mediaType) => {
  const read = parseManifest({ schemaVersion: 2, mediaType, manifests }, mediaType);
  expect(isIndex(read) && read.manifests.map(({ platform }) => platform)).toEqual([
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
    undefined,
  ]);
});

it('takes the media type of the answer where the document has none', () => {
  expect(parseManifest(untyped, OCI_MANIFEST)).toEqual(oci);
});

it.each<[string, unknown, string]>([
  ['an index called a manifest', { schemaVersion: 2, mediaType: OCI_INDEX, manifests }, OCI_MANIFEST],
  ['a manifest called an index', oci, OCI_INDEX],
  ['a Docker manifest called an OCI one', docker, OCI_MANIFEST],
  ['a media type that is no text', { ...oci, mediaType: 7 }, OCI_MANIFEST],
  ['a media type of null', { ...oci, mediaType: null }, OCI_MANIFEST],
])('refuses %s', (_, json, contentType) => {
  expect(refusal(json, contentType)).toMatchObject({ code: 'invalid-document' });
  expect(refusal(json, contentType).message).toContain(`the registry says ${contentType}`);
});

it('refuses a document that is manifest and index at once', () => {
  for (const contentType of [OCI_MANIFEST, OCI_INDEX]) {
    expect(refusal({ ...untyped, manifests }, contentType).message).toContain('could be read as two images');
  }
});

it.each<[string, unknown, string, readonly string[]]>([
  ['nothing', null, OCI_MANIFEST, ['schemaVersion', 'config', 'layers']],
  ['a text', 'hello', OCI_MANIFEST, ['schemaVersion', 'config', 'layers']],
  ['a list', [1], OCI_INDEX, ['schemaVersion', 'manifests']],
  ['an empty document', {}, OCI_MANIFEST, ['schemaVersion', 'config', 'layers']],
  ['an unknown kind', {}, 'application/json', ['schemaVersion', 'mediaType', 'config', 'layers']],
  [
    'a layer without a size',
    { ...oci, layers: [{ ...layers[0], size: undefined }] },
    OCI_MANIFEST,
    ['layers[0].size'],
  ],
  ['a negative size', { ...oci, layers: [{ ...layers[0], size: -1 }] }, OCI_MANIFEST, ['layers[0].size']],
  ['a size as text', { ...oci, config: { ...config, size: '1470' } }, OCI_MANIFEST, ['config.size']],
  [
    'a size beyond exact numbers',
    { ...oci, config: { ...config, size: 2 ** 60 } },
    OCI_MANIFEST,
    ['config.size'],
  ],
  [
    'a foreign digest',
    { ...oci, config: { ...config, digest: 'sha512:ab' } },
    OCI_MANIFEST,
    ['config.digest'],
  ],
  [
    'a digest that climbs',
    { ...oci, layers: [{ ...layers[0], digest: '../../x' }] },
    OCI_MANIFEST,
    ['layers[0].digest'],
  ],
  [
    'an index entry without a digest',
    { schemaVersion: 2, manifests: [{ mediaType: OCI_MANIFEST, size: 1 }] },
    OCI_INDEX,
    ['manifests[0].digest'],
  ],
])('refuses %s and says where', (_, json, contentType, paths) => {
  expect(refusal(json, contentType).faults.map(({ path }) => path)).toEqual(paths);
});

it('keeps what an artifact and a foreign layer carry', () => {
  const artifact = {
    ...oci,
    artifactType: 'application/vnd.cncf.model.manifest.v1+json',
    subject: { mediaType: OCI_MANIFEST, digest: digest('f'), size: 1 },
    annotations: { 'org.opencontainers.image.version': '1.4.0' },
    layers: [
      {
        ...layers[0],
        urls: ['https://example.com/layer'],
        annotations: { 'io.modelpier.layer.kind': 'weights' },
      },
    ],
  };
  const read: Manifest | Index = parseManifest(artifact, OCI_MANIFEST);
  expect(read).toEqual(artifact);
});

it('tells media types apart and gives Docker layers their OCI name', () => {
  expect([OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST, ''].map(isIndexMediaType)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect([OCI_INDEX, OCI_MANIFEST, DOCKER_MANIFEST].map(isManifestMediaType)).toEqual([false, true, true]);
  expect(ociLayerMediaType(DOCKER_LAYER_GZIP)).toBe(OCI_LAYER_GZIP);
  expect(ociLayerMediaType(OCI_LAYER_ZSTD)).toBe(OCI_LAYER_ZSTD);
});
