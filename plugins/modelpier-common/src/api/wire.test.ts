import { parseDigest } from '../image/digest';
import { type Decoder, parseWith } from '../parse/decoder';
import {
  allocationAnswer,
  deploymentsAnswer,
  dispatchAnswer,
  fleetAllocation,
  fleetReuse,
  orphansPage,
  historyAnswer,
  modelAnswer,
  modelsPage,
  problem,
  releasesPage,
  reuseAnswer,
  sourcesAnswer,
  versionDetail,
  versionDiff,
  versionsPage,
} from './wire';

const digest = (of: string) => parseDigest(`sha256:${of.repeat(64).slice(0, 64)}`);
const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'mnist-mlp' };
const status = { state: 'Current', reason: 'Available', message: '3 of 3 replicas are available' };
const sources = [
  {
    id: 'registry:ghcr.io',
    kind: 'registry',
    name: 'ghcr.io',
    state: 'ok',
    observedAt: '2026-08-04T10:00:00Z',
  },
  {
    id: 'cluster:main',
    kind: 'cluster',
    name: 'main',
    state: 'timeout',
    observedAt: null,
    message: 'after 10 s',
  },
];
const placement = { cluster: 'main', namespace: 'apps', workload, environment: 'production' };
const version = {
  digest: digest('a'),
  repository: 'ghcr.io/acme/mnist-mlp',
  tags: ['1.4.0'],
  version: '1.4.0',
  firstSeenAt: '2026-08-04T10:00:00Z',
  platforms: ['linux/amd64'],
  sizeBytes: 623,
  newBytes: 402,
  reuseRatio: 0.3547,
  model: 'mnist-mlp',
  modelDigest: digest('b'),
  format: 'torchscript',
  metrics: { accuracy: 0.972 },
  commit: null,
  sourceUrl: null,
  baseName: null,
  deployedIn: [placement],
};
const model = {
  entity: { kind: 'component', namespace: 'default', name: 'mnist-mlp' },
  title: null,
  owner: 'group:default/ml',
  repositories: ['ghcr.io/acme/mnist-mlp'],
  versions: 1,
  newest: version,
  deployments: [{ placement, version: '1.4.0', status, ready: 3, desired: 3, drift: false }],
};
const reuse = {
  mode: 'fleet',
  basis: 'compressed',
  totalBytes: 1869,
  newBytes: 1027,
  newLayers: 8,
  ratio: 0.4504,
  reusedBaseBytes: 82,
  reusedOwnBytes: 760,
};
const resource = {
  resource: 'cpu',
  total: '11760m',
  containers: 12,
  fairShare: '980m',
  requested: '6400m',
  limited: null,
  used: null,
  share: 0.816,
  efficiency: null,
  ofTotal: 0.544,
  bestEffort: false,
};
const scope = {
  cluster: 'main',
  pool: null,
  observedAt: '2026-08-04T10:00:00Z',
  nodes: 3,
  resources: [resource],
};
const layer = {
  position: 0,
  digest: digest('c'),
  sizeBytes: 29,
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  kind: 'unknown',
  files: [],
  inPrevious: true,
  sharedWithVersions: 2,
  sharedWithModels: ['component:default/fraud'],
};
const deployment = {
  cluster: 'main',
  namespace: 'apps',
  environment: null,
  workload,
  replicas: { desired: 3, ready: 3, updated: 3, available: 3 },
  status,
  image: 'ghcr.io/acme/mnist-mlp:1.4.0',
  runningDigests: [digest('a')],
  version: '1.4.0',
  versionDigest: digest('a'),
  drift: false,
  commit: null,
  actor: null,
  runUrl: null,
  deployedAt: null,
  observedAt: '2026-08-04T10:00:00Z',
  pods: [
    {
      name: 'p',
      node: null,
      phase: 'Running',
      ready: true,
      restarts: 0,
      startedAt: null,
      status,
      digest: null,
    },
  ],
};
const container = {
  workload,
  container: 'server',
  instances: 4,
  resources: [{ resource: 'cpu', request: '1500m', limit: null, used: null, ofFairShare: 1.531 }],
};
const release = {
  repository: 'ghcr.io/acme/mnist-mlp',
  platform: 'linux/amd64',
  digest: digest('a'),
  version: '1.4.0',
  previous: null,
  reuse: { ...reuse, mode: 'release', ratio: null, reason: 'unknown' },
};
const ledgerEntry = {
  id: '20260804t100000-3fa9',
  cluster: 'main',
  namespace: 'apps',
  environment: 'production',
  version: '1.4.0',
  image: `ghcr.io/acme/mnist-mlp@${digest('a')}`,
  digest: digest('a'),
  commit: null,
  actor: 'ada',
  runUrl: null,
  startedAt: '2026-08-04T10:00:00Z',
  finishedAt: null,
  verdict: 'in-progress',
  reason: null,
  diagnosis: null,
  canReturn: false,
};
const history = {
  range: 'day',
  span: 'hour',
  from: '2026-08-03T10:00:00Z',
  until: '2026-08-04T10:00:00Z',
  points: [
    {
      at: '2026-08-04T09:00:00Z',
      clusters: 1,
      desired: 3,
      ready: 3,
      leastReady: 2,
      resources: [{ resource: 'cpu', requested: '3', fairShare: '980m', usedMean: null, usedMost: null }],
    },
  ],
  versions: [{ at: '2026-08-04T09:30:00Z', digest: digest('a'), version: '1.4.0' }],
  releases: [
    {
      at: '2026-08-04T09:40:00Z',
      id: ledgerEntry.id,
      cluster: 'main',
      namespace: 'apps',
      version: '1.4.0',
      verdict: 'healthy',
    },
  ],
};
const diff = {
  before: version,
  after: version,
  platform: 'linux/amd64',
  layers: [
    {
      change: 'added',
      digest: digest('c'),
      sizeBytes: 29,
      mediaType: layer.mediaType,
      kind: 'code',
      files: [],
    },
  ],
  bytes: { same: 0, added: 29, removed: 0 },
  files: [{ path: 'app/main.py', change: 'added' }],
  areFilesComplete: true,
  settings: [{ name: 'cmd', change: 'changed', before: 'a', after: 'b' }],
  metrics: [{ name: 'loss', before: null, after: 0.1 }],
  facts: [{ what: 'signature', isBreaking: true, text: 'input x is gone' }],
};

const ANSWERS: readonly {
  readonly answer: string;
  readonly decoder: Decoder<unknown>;
  readonly sample: object;
}[] = [
  { answer: 'model', decoder: modelAnswer, sample: { model, sources } },
  { answer: 'models', decoder: modelsPage, sample: { items: [model], nextCursor: null, total: 1, sources } },
  {
    answer: 'versions',
    decoder: versionsPage,
    sample: { items: [version], nextCursor: 'x', total: 2, sources },
  },
  {
    answer: 'version',
    decoder: versionDetail,
    sample: { version, layers: [layer], previous: null, sources },
  },
  { answer: 'deployments', decoder: deploymentsAnswer, sample: { items: [deployment], sources } },
  {
    answer: 'allocation',
    decoder: allocationAnswer,
    sample: {
      scopes: [
        {
          ...scope,
          namespace: null,
          modelContainers: 8,
          dominant: { resource: 'cpu', ratio: 0.544 },
          containers: [container],
        },
      ],
      sources,
    },
  },
  { answer: 'reuse', decoder: reuseAnswer, sample: { releases: [release], fleet: reuse, sources } },
  {
    answer: 'fleet allocation',
    decoder: fleetAllocation,
    sample: { scopes: [{ ...scope, models: 2 }], sources },
  },
  {
    answer: 'releases',
    decoder: releasesPage,
    sample: { items: [ledgerEntry], nextCursor: null, total: 1, sources },
  },
  { answer: 'history', decoder: historyAnswer, sample: { ...history, sources } },
  { answer: 'diff', decoder: versionDiff, sample: { ...diff, sources } },
  {
    answer: 'dispatch',
    decoder: dispatchAnswer,
    sample: {
      repository: 'acme/mnist',
      workflow: 'rollback.yml',
      ref: 'main',
      runsUrl: 'https://github.com',
    },
  },
  { answer: 'fleet reuse', decoder: fleetReuse, sample: { models: 2, versions: 7, reuse, sources } },
  {
    answer: 'orphans',
    decoder: orphansPage,
    sample: {
      items: [
        {
          cluster: 'prod',
          namespace: 'apps',
          workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'lost' },
          model: 'lost',
          image: 'ghcr.io/acme/lost:1',
          replicas: { desired: 2, ready: 1 },
          status: { state: 'InProgress', reason: 'Rollout', message: '1 of 2 replicas are ready' },
          observedAt: '2026-09-01T10:00:00Z',
        },
      ],
      nextCursor: null,
      total: 1,
      sources,
    },
  },
  { answer: 'sources', decoder: sourcesAnswer, sample: { items: sources } },
  { answer: 'problem', decoder: problem, sample: { type: 'about:blank', title: 'Not Found', status: 404 } },
];

it.each(ANSWERS)('reads the $answer answer back as it was written', ({ decoder, sample }) => {
  expect(parseWith(decoder, JSON.parse(JSON.stringify(sample)), 'answer')).toEqual(sample);
});

/** Every way to leave one field out of a document, with the field's path. */
function* withoutOne(
  document: unknown,
  path = '',
): Generator<{ readonly path: string; readonly copy: unknown }> {
  if (Array.isArray(document)) {
    for (const [position, item] of document.entries()) {
      for (const { path: below, copy } of withoutOne(item, `${path}[${position}]`)) {
        yield { path: below, copy: document.map((each: unknown, at) => (at === position ? copy : each)) };
      }
    }
  } else if (typeof document === 'object' && document !== null) {
    for (const [key, value] of Object.entries(document)) {
      const at = path === '' ? key : `${path}.${key}`;
      yield {
        path: at,
        copy: Object.fromEntries(Object.entries(document).filter(([other]) => other !== key)),
      };
      for (const { path: below, copy } of withoutOne(value, at))
        yield { path: below, copy: { ...document, [key]: copy } };
    }
  }
}

/** Fields that may be missing, or whose name is data. */
const OPTIONAL = /(?:^|\.)(?:environment|message|reason|namespace|accuracy)$/;

it.each(ANSWERS)('misses each field of the $answer answer by its path', ({ decoder, sample }) => {
  for (const { path, copy } of withoutOne(sample)) {
    const read = () => parseWith(decoder, copy, 'answer');
    if (OPTIONAL.test(path)) continue;
    expect(read).toThrow(`answer is not valid: ${path}: expected`);
  }
});

it('tells a number that is not known from one that is missing', () => {
  const unknown = { ...reuse, ratio: null, reason: 'unknown' };
  expect(
    parseWith(fleetReuse, { models: 0, versions: 0, reuse: unknown, sources: [] }, 'answer').reuse,
  ).toEqual(unknown);
  const { ratio, ...missing } = unknown;
  expect(ratio).toBeNull();
  expect(() =>
    parseWith(fleetReuse, { models: 0, versions: 0, reuse: missing, sources: [] }, 'answer'),
  ).toThrow('reuse.ratio: expected a number, got nothing');
});
