import { parseReport, type Report, report } from './report';
import { parseWith } from '../parse/decoder';
import { parseDigest } from '../image/digest';

const digest = (of: string) => parseDigest(`sha256:${of.repeat(64).slice(0, 64)}`);
const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'mnist-mlp' };
const current = { state: 'Current', reason: 'Available', message: '3 of 3 replicas are available' } as const;

const RELEASE: Report = {
  apiVersion: 'modelpier.io/v1',
  kind: 'RunReport',
  mode: 'release',
  startedAt: '2026-08-04T10:00:00Z',
  finishedAt: '2026-08-04T10:00:41Z',
  run: {
    repository: 'acme/mnist-mlp',
    commit: 'f00d',
    actor: 'ada',
    url: 'https://github.com/acme/mnist-mlp/actions/runs/1',
  },
  model: {
    name: 'mnist-mlp',
    version: '1.4.0',
    title: 'Digits',
    format: 'torchscript',
    metrics: { accuracy: 0.972 },
  },
  image: {
    reference: 'ghcr.io/acme/mnist-mlp:1.4.0',
    digest: digest('a'),
    configDigest: digest('b'),
    tags: ['1.4.0', 'latest'],
    platform: 'linux/amd64',
    base: { reference: 'ghcr.io/acme/torchscript:1', digest: digest('c') },
    modelDigest: digest('d'),
    changed: true,
    bytesTotal: 16_400_000_000,
    bytesPushed: 212_000_000,
    bytesReused: 16_188_000_000,
    reuse: { ratio: 0.987, totalBytes: 16_400_000_000, newBytes: 212_000_000 },
    layers: [
      { digest: digest('e'), sizeBytes: 16_188_000_000, kind: 'base', fate: 'mounted', files: [] },
      {
        digest: digest('f'),
        sizeBytes: 212_000_000,
        kind: 'weights',
        fate: 'uploaded',
        files: ['/models/mnist-mlp/model.pt'],
      },
    ],
  },
  deployment: {
    status: 'healthy',
    namespace: 'apps',
    environment: 'production',
    image: `ghcr.io/acme/mnist-mlp@${digest('a')}`,
    previousImage: `ghcr.io/acme/mnist-mlp@${digest('9')}`,
    replicas: { ready: 3, desired: 3 },
    objects: [{ ref: workload, action: 'configured', status: current }],
    timeline: [{ atMs: 4_200, object: workload, status: current }],
  },
  warnings: ['model-v2.pt carries its version in its name'],
};

/** A copy of a document with the value at a path exchanged. */
function exchange(document: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(document)) {
    return document.map((item: unknown, position) => (position === key ? exchange(item, rest, value) : item));
  }
  const fields = document as Record<string, unknown>;
  return { ...fields, [key]: exchange(fields[key], rest, value) };
}

function* leavesOf(
  document: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly (string | number)[]> {
  if (typeof document !== 'object' || document === null) yield path;
  else if (Array.isArray(document)) {
    for (const [position, item] of document.entries()) yield* leavesOf(item, [...path, position]);
  } else for (const [key, item] of Object.entries(document)) yield* leavesOf(item, [...path, key]);
}

it('reads back what was written', () => {
  expect(parseReport(JSON.parse(JSON.stringify(RELEASE)))).toEqual(RELEASE);
});

it('reads the report of a run that failed before it knew anything', () => {
  const failed: Report = {
    apiVersion: 'modelpier.io/v1',
    kind: 'RunReport',
    mode: 'auto',
    startedAt: '2026-08-04T10:00:00Z',
    finishedAt: '2026-08-04T10:00:01Z',
    run: {},
    warnings: [],
    failure: { code: 'invalid-input', message: 'input "image" is missing', hint: 'set `image`' },
  };
  expect(parseReport(JSON.parse(JSON.stringify(failed)))).toEqual(failed);
});

it('refuses a wrong value wherever it is, and says where', () => {
  const leaves = [...leavesOf(RELEASE)];
  expect(leaves.length).toBeGreaterThan(60);
  for (const leaf of leaves) {
    const path = leaf
      .map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`))
      .join('')
      .slice(1);
    expect(() => parseReport(exchange(RELEASE, leaf, ['wrong']))).toThrow(
      `run report is not valid: ${path}: expected`,
    );
  }
});

it('passes over what a newer writer adds', () => {
  const newer = { ...RELEASE, signature: 'x', image: { ...RELEASE.image, sbom: {} } };
  expect(parseReport(newer)).toEqual(RELEASE);
});

it.each(['apiVersion', 'kind', 'mode', 'startedAt', 'finishedAt', 'run', 'warnings'])('needs %s', field => {
  const without = Object.fromEntries(Object.entries(RELEASE).filter(([key]) => key !== field));
  expect(() => parseReport(without)).toThrow(`${field}: expected`);
});

it('refuses the report of another version', () => {
  expect(() => parseReport({ ...RELEASE, apiVersion: 'modelpier.io/v2' })).toThrow(
    'apiVersion: expected modelpier.io/v1, got "modelpier.io/v2"',
  );
});

it('knows a reuse that is not known', () => {
  const reuse = { ratio: null, totalBytes: 0, newBytes: 0, reason: 'empty-image' };
  const image = { ...RELEASE.image, reuse };
  expect(parseWith(report, { ...RELEASE, image }, 'report').image?.reuse).toEqual(reuse);
});
