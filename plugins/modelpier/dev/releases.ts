import {
  type Placement,
  type ReuseResult,
  type Source,
  type Version,
  type VersionDetail,
  type VersionLayer,
} from '@modelpier/backstage-plugin-modelpier-common';
import { digestOf } from './digests';
import { PROOFS, referrersOf } from './proofs';
import { EDGE, HOUR, MINUTE, type Moment, PRODUCTION, STAGING } from './world';

export const REPOSITORY = '127.0.0.1:5000/models/mnist-mlp';

const LAYERS = {
  debian: { name: 'debian', sizeBytes: 49_552_384, kind: 'base', files: [] },
  torch: { name: 'torch', sizeBytes: 378_912_768, kind: 'base', files: [] },
  server: { name: 'server', sizeBytes: 11_240_960, kind: 'base', files: [] },
  weights1: { name: 'weights-1', sizeBytes: 409_600, kind: 'weights', files: ['models/mnist-mlp/model.pt'] },
  weights2: { name: 'weights-2', sizeBytes: 411_648, kind: 'weights', files: ['models/mnist-mlp/model.pt'] },
  code1: { name: 'code-1', sizeBytes: 6_144, kind: 'code', files: ['models/mnist-mlp/model.yaml'] },
  code2: {
    name: 'code-2',
    sizeBytes: 8_192,
    kind: 'code',
    files: ['models/mnist-mlp/model.yaml', 'models/mnist-mlp/preprocess.py'],
  },
} as const;
type LayerName = keyof typeof LAYERS;

export interface Release {
  readonly version: string;
  readonly tags: readonly string[];
  readonly agoMs: number;
  readonly layers: readonly LayerName[];
  readonly commit: string;
  readonly accuracy: number;
  readonly deployedIn: readonly Placement[];
}

const BASE: readonly LayerName[] = ['debian', 'torch', 'server'];
/** Newest first. */
export const RELEASES: readonly [Release, ...Release[]] = [
  {
    version: '1.2.0',
    tags: ['1.2.0', 'latest', 'sha-9f2c41d'],
    agoMs: 42 * MINUTE,
    layers: [...BASE, 'weights2', 'code2'],
    commit: '9f2c41d07a1be03f5f8a6f7c5a9b1d2e3f405162',
    accuracy: 0.9806,
    deployedIn: [STAGING],
  },
  {
    version: '1.1.0',
    tags: ['1.1.0', 'sha-41aa70e'],
    agoMs: 27 * HOUR,
    layers: [...BASE, 'weights1', 'code2'],
    commit: '41aa70e5d3c2b1a0f9e8d7c6b5a4938271605f4e',
    accuracy: 0.9739,
    deployedIn: [PRODUCTION, EDGE],
  },
  {
    version: '1.0.0',
    tags: ['1.0.0', 'sha-0d1e2f3'],
    agoMs: 9 * 24 * HOUR,
    layers: [...BASE, 'weights1', 'code1'],
    commit: '0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a',
    accuracy: 0.9739,
    deployedIn: [],
  },
];

const bytesOf = (names: readonly LayerName[]): number =>
  names.reduce((sum, name) => sum + LAYERS[name].sizeBytes, 0);

function newLayers(index: number): readonly LayerName[] {
  const before = RELEASES[index + 1]?.layers ?? [];
  return (RELEASES[index]?.layers ?? []).filter(name => !before.includes(name));
}

export function versionOf(release: Release, index: number, moment: Moment): Version {
  const sizeBytes = bytesOf(release.layers);
  const newBytes = bytesOf(newLayers(index));
  return {
    digest: digestOf(release.version),
    repository: REPOSITORY,
    tags: release.tags,
    version: release.version,
    firstSeenAt: moment.ago(release.agoMs),
    platforms: ['linux/amd64'],
    sizeBytes,
    newBytes,
    reuseRatio: 1 - newBytes / sizeBytes,
    model: 'mnist-mlp',
    modelDigest: digestOf(`model-${release.version}`),
    format: 'torchscript',
    metrics: { accuracy: release.accuracy },
    commit: release.commit,
    sourceUrl: 'https://github.com/acme/mnist-mlp',
    baseName: '127.0.0.1:5000/runtime/torch:bookworm',
    deployedIn: release.deployedIn,
    // The first was released before there were scans and signatures.
    ...(index < RELEASES.length - 1 && {
      scan: 'executable-format',
      referrers: referrersOf(release.version, moment),
    }),
  };
}

export const detailOf = (index: number, version: Version, sources: readonly Source[]): VersionDetail => ({
  version,
  ...(version.scan !== undefined && {
    ...PROOFS,
    golden: {
      note: { verdict: 'passed', cases: 12, p95Ms: 4.1, coldStartMs: 3_200 },
      environment: 'staging',
      at: version.firstSeenAt,
    },
  }),
  previous: RELEASES[index + 1] === undefined ? null : digestOf(RELEASES[index + 1]?.version ?? ''),
  sources,
  call: {
    model: 'mnist-mlp',
    inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 784] }],
    outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 10] }],
  },
  layers: (RELEASES[index]?.layers ?? []).map((name, position): VersionLayer => {
    const layer = LAYERS[name];
    const others = RELEASES.filter((other, at) => at !== index && other.layers.includes(name));
    const isNew = newLayers(index).includes(name);
    const base = layer.kind === 'base';
    return {
      position,
      digest: digestOf(layer.name),
      sizeBytes: layer.sizeBytes,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      kind: layer.kind,
      files: layer.files,
      inPrevious: !isNew,
      ...(isNew && index < RELEASES.length - 1 && { whyNew: 'content-changed' }),
      sharedWithVersions: base ? others.length + 4 : others.length,
      sharedVersions: others.map(({ version: other }) => other),
      sharedWithModels: base ? ['component:default/fraud-scoring', 'component:default/churn'] : [],
    };
  }),
});

export function reuseOf(index: number): ReuseResult {
  const { layers = [] } = RELEASES[index] ?? {};
  const fresh = newLayers(index);
  const shared = layers.filter(name => !fresh.includes(name));
  return {
    mode: 'release',
    basis: 'compressed',
    totalBytes: bytesOf(layers),
    newBytes: bytesOf(fresh),
    newLayers: fresh.length,
    ratio: 1 - bytesOf(fresh) / bytesOf(layers),
    reusedBaseBytes: bytesOf(shared.filter(name => LAYERS[name].kind === 'base')),
    reusedOwnBytes: bytesOf(shared.filter(name => LAYERS[name].kind !== 'base')),
  };
}

export function fleetReuse(): ReuseResult {
  const total = RELEASES.reduce((sum, { layers }) => sum + bytesOf(layers), 0);
  const unique = [...new Set(RELEASES.flatMap(({ layers }) => layers))];
  const base = RELEASES.length * bytesOf(BASE) - bytesOf(BASE);
  return {
    mode: 'fleet',
    basis: 'compressed',
    totalBytes: total,
    newBytes: bytesOf(unique),
    newLayers: unique.length,
    ratio: 1 - bytesOf(unique) / total,
    reusedBaseBytes: base,
    reusedOwnBytes: total - bytesOf(unique) - base,
  };
}
