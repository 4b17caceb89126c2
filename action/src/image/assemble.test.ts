import {
  DOCKER_CONFIG,
  DOCKER_LAYER_GZIP,
  DOCKER_MANIFEST,
  imageConfig,
  OCI_LAYER_TAR,
  parseManifest,
  parsePlatform,
  parseReference,
  parseWith,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type AddedLayer, assembleImage } from './assemble';
import type { BaseImage } from './base-image';
import { canonicalJson } from './canonical-json';
import { type ImageSettings, imageFacts, runtimeEnvironment } from './settings';
import { sha256 } from './sha256';

const digestOf = (text: string) => sha256(Buffer.from(text));

const CONFIG = {
  architecture: 'amd64',
  os: 'linux',
  'os.version': '12',
  created: '2024-05-01T10:00:00Z',
  author: 'someone',
  docker_version: '20.10',
  container_config: { Hostname: 'build' },
  config: {
    User: '1000',
    Env: ['PATH=/usr/bin', 'LANG=C'],
    Entrypoint: ['/entry'],
    Cmd: ['serve'],
    Healthcheck: { Test: ['NONE'] },
    Labels: { team: 'ml', 'org.opencontainers.image.version': '12.1', 'io.modelpier.model': 'other' },
  },
  rootfs: { type: 'layers', diff_ids: [digestOf('base diff')] },
  history: [{ created_by: 'FROM debian' }, { created_by: 'ENV', empty_layer: true }],
};

function base(config: typeof CONFIG = CONFIG): BaseImage {
  return {
    reference: parseReference('ghcr.io/acme/runtime:1'),
    platform: parsePlatform('linux/amd64'),
    digest: digestOf('base'),
    manifest: {
      schemaVersion: 2,
      mediaType: DOCKER_MANIFEST,
      config: { mediaType: DOCKER_CONFIG, digest: digestOf('config'), size: 1 },
      layers: [{ mediaType: DOCKER_LAYER_GZIP, digest: digestOf('base layer'), size: 10 }],
    },
    config: parseWith(imageConfig, config, 'config'),
    configDocument: config,
  };
}

const WEIGHTS: AddedLayer = {
  descriptor: {
    mediaType: OCI_LAYER_TAR,
    digest: digestOf('weights'),
    size: 20,
    annotations: { 'io.modelpier.layer.kind': 'weights' },
  },
  diffId: digestOf('weights diff'),
  kind: 'weights',
  files: ['/models/m/a', '/models/m/b', '/models/m/c', '/models/m/d'],
};

const SETTINGS: ImageSettings = {
  facts: { 'io.modelpier.model': 'm' },
  labels: {},
  annotations: {},
  entrypoint: [],
  cmd: [],
  env: {},
  epochSeconds: 0,
};

const assemble = (settings: Partial<ImageSettings> = {}, config = CONFIG) => {
  const image = assembleImage(base(config), [WEIGHTS], { ...SETTINGS, ...settings });
  const written = JSON.parse(Buffer.from(image.configBytes).toString()) as typeof CONFIG & {
    config: unknown;
  };
  return { ...image, written };
};

it('gives an OCI manifest over a Docker base, with the same bytes in its layers', () => {
  const { manifest, manifestBytes, digest, config, configBytes } = assemble();

  expect(parseManifest(JSON.parse(Buffer.from(manifestBytes).toString()), manifest.mediaType)).toEqual(
    manifest,
  );
  expect(digest).toBe(sha256(manifestBytes));
  expect(config.digest).toBe(sha256(configBytes));
  expect(manifest.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
  expect(manifest.config.mediaType).toBe('application/vnd.oci.image.config.v1+json');
  expect(manifest.layers.map(({ mediaType, digest: layer }) => [mediaType, layer])).toEqual([
    ['application/vnd.oci.image.layer.v1.tar+gzip', digestOf('base layer')],
    ['application/vnd.oci.image.layer.v1.tar', digestOf('weights')],
  ]);
});

it('keeps how the base runs, and drops where it was built', () => {
  const { written } = assemble();

  expect(written).toEqual({
    architecture: 'amd64',
    os: 'linux',
    'os.version': '12',
    created: '1970-01-01T00:00:00Z',
    config: {
      User: '1000',
      Env: ['PATH=/usr/bin', 'LANG=C'],
      Entrypoint: ['/entry'],
      Cmd: ['serve'],
      Healthcheck: { Test: ['NONE'] },
      Labels: {
        team: 'ml',
        'io.modelpier.model': 'm',
        'org.opencontainers.image.base.digest': digestOf('base'),
        'org.opencontainers.image.base.name': 'ghcr.io/acme/runtime:1',
      },
    },
    rootfs: { type: 'layers', diff_ids: [digestOf('base diff'), digestOf('weights diff')] },
    history: [
      ...CONFIG.history,
      {
        created: '1970-01-01T00:00:00Z',
        created_by: 'modelpier: weights /models/m/a, /models/m/b, /models/m/c, and 1 more',
      },
    ],
  });
});

it('writes a line of history for each layer of a base that has none', () => {
  const { written } = assemble({}, { ...CONFIG, history: [] });

  expect(written.history.map(({ created_by }) => created_by.split(' ')[0])).toEqual(['base', 'modelpier:']);
});

it.each([
  ['keeps both', {}, ['/entry'], ['serve']],
  ['replaces the command', { cmd: ['train'] }, ['/entry'], ['train']],
  ['drops the command of another entrypoint', { entrypoint: ['/mine'] }, ['/mine'], undefined],
  ['replaces both', { entrypoint: ['/mine'], cmd: ['x'] }, ['/mine'], ['x']],
])('%s', (_, settings, entrypoint, cmd) => {
  const { config } = assemble(settings).written;

  expect([config.Entrypoint, config.Cmd]).toEqual([entrypoint, cmd]);
});

it('replaces variables in place and adds new ones at the end', () => {
  const { config } = assemble({ env: { LANG: 'C.UTF-8', MODE: 'a=b' } }).written;

  expect(config.Env).toEqual(['PATH=/usr/bin', 'LANG=C.UTF-8', 'MODE=a=b']);
});

it('drops the wall clock that docker/metadata-action puts into labels', () => {
  const created = { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z' };

  const image = assemble({ labels: { ...created, a: 'b' }, annotations: created });

  expect(image.written.config.Labels).toMatchObject({ a: 'b' });
  expect(image.written.config.Labels).not.toHaveProperty(['org.opencontainers.image.created']);
  expect(image.manifest.annotations).not.toHaveProperty(['org.opencontainers.image.created']);
});

it('dates the image to the epoch that was asked for', () => {
  expect(assemble({ epochSeconds: 1_700_000_000 }).written.created).toBe('2023-11-14T22:13:20Z');
});

it('does not depend on the order of keys', () => {
  const swapped = { labels: { b: '2', a: '1' }, env: {} };

  expect(assemble(swapped).digest).toBe(assemble({ labels: { a: '1', b: '2' }, env: {} }).digest);
  expect(Buffer.from(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toString()).toBe(
    '{"a":"x","b":[{"c":null,"d":1}]}',
  );
});

const MODEL = {
  apiVersion: 'modelpier.io/v1',
  kind: 'Model',
  metadata: { name: 'digits', description: 'd', licenses: 'MIT' },
  spec: {
    files: ['model.pt'],
    metrics: { loss: 0.1, accuracy: 0.98 },
    signature: { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }], outputs: [] },
  },
} as const;

it('says what the model is', () => {
  const facts = imageFacts({
    model: MODEL,
    version: '1.4.0',
    format: 'torchscript',
    modelDigest: digestOf('m'),
  });

  expect(facts).toEqual({
    'org.opencontainers.image.title': 'digits',
    'org.opencontainers.image.version': '1.4.0',
    'org.opencontainers.image.description': 'd',
    'org.opencontainers.image.licenses': 'MIT',
    'io.modelpier.model': 'digits',
    'io.modelpier.model-digest': digestOf('m'),
    'io.modelpier.format': 'torchscript',
    'io.modelpier.metrics': '{"accuracy":0.98,"loss":0.1}',
  });
});

it('tells the runtime where the model is and how to call it', () => {
  expect(runtimeEnvironment({ model: MODEL, version: '1.4.0', format: 'torchscript' }, 'opt/m')).toEqual({
    MODELPIER_MODEL_NAME: 'digits',
    MODELPIER_MODEL_VERSION: '1.4.0',
    MODELPIER_MODEL_PATH: '/opt/m',
    MODELPIER_MODEL_PLATFORM: 'pytorch_torchscript',
    MODELPIER_SIGNATURE: '{"inputs":[{"datatype":"FP32","name":"x","shape":[-1,2]}],"outputs":[]}',
  });
});
