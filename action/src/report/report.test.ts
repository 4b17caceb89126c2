import { parseReport, type Report } from '@modelpier/backstage-plugin-modelpier-common';
import { outputsOf } from '../github/outputs';
import { code, escapeMarkdown } from './markdown';
import { deploymentStateOf } from './deployment-state';
import { renderReleaseNotes } from './release-notes';
import { renderSentence } from './sentence';
import { renderSummary } from './summary';

const digest = (hex: string): string => `sha256:${hex.repeat(64)}`;
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'mnist-mlp' };
const healthy = { state: 'Current', reason: 'Available', message: '3 of 3 replicas serve' };

const FAILURE = { code: 'unhealthy', message: 'crash loop' };
const RELEASE = {
  apiVersion: 'modelpier.io/v1',
  kind: 'RunReport',
  mode: 'release',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:41.000Z',
  run: { repository: 'acme/mnist', commit: 'c'.repeat(40), actor: 'ada' },
  model: { name: 'mnist-mlp', version: '1.4.0', format: 'torchscript', metrics: { accuracy: 0.981 } },
  image: {
    reference: `ghcr.io/acme/mnist-mlp@${digest('a')}`,
    digest: digest('a'),
    configDigest: digest('b'),
    tags: ['1.4.0', 'main'],
    platform: 'linux/amd64',
    base: { reference: 'ghcr.io/acme/runtime:1', digest: digest('c') },
    modelDigest: digest('d'),
    changed: true,
    bytesTotal: 16_400_000_000,
    bytesPushed: 212_000_000,
    bytesReused: 16_188_000_000,
    reuse: { ratio: 0.9870731707317073, totalBytes: 16_400_000_000, newBytes: 212_000_000 },
    layers: [
      { digest: digest('e'), sizeBytes: 16_188_000_000, kind: 'base', fate: 'mounted', files: [] },
      {
        digest: digest('f'),
        sizeBytes: 212_000_000,
        kind: 'weights',
        fate: 'uploaded',
        files: ['models/a|b.pt'],
      },
    ],
  },
  deployment: {
    status: 'healthy',
    namespace: 'apps',
    environment: 'production',
    image: `ghcr.io/acme/mnist-mlp@${digest('a')}`,
    replicas: { ready: 3, desired: 3 },
    objects: [{ ref, action: 'configured', status: healthy }],
    timeline: [{ atMs: 1200, object: ref, status: healthy }],
  },
  warnings: [],
};
const reportWith = (changes: Record<string, unknown>): Report => parseReport({ ...RELEASE, ...changes });

it('tells a healthy release in one sentence', () => {
  expect(renderSentence(reportWith({}))).toBe(
    'mnist-mlp 1.4.0 is healthy in production, 3/3 replicas, 212 MB of 16.4 GB pushed, 98.7 % reused, 41 s',
  );
});

it.each([
  ['is in the registry', { mode: 'build', deployment: undefined }],
  [
    'was already in the registry',
    { mode: 'build', deployment: undefined, image: { ...RELEASE.image, changed: false } },
  ],
  ['is planned', { mode: 'plan', deployment: undefined }],
  [
    'is built and not pushed, 212 MB of 16.4 GB to push',
    { mode: 'build', deployment: undefined, image: { ...RELEASE.image, isPushed: false } },
  ],
  ['is built and not pushed, 41 s', { mode: 'build', deployment: undefined, image: undefined }],
  [
    'is applied and not waited for in production, 212 MB',
    { deployment: { ...RELEASE.deployment, status: 'applied' } },
  ],
  ['is promoted and healthy in production', { mode: 'promote' }],
  [
    'is promoted, unchanged and healthy in production',
    { mode: 'promote', deployment: { ...RELEASE.deployment, status: 'unchanged' } },
  ],
  ['is back and healthy in production', { mode: 'rollback' }],
  ['is unchanged and healthy in production', { deployment: { ...RELEASE.deployment, status: 'unchanged' } }],
  [
    'failed in apps',
    {
      deployment: { ...RELEASE.deployment, status: 'failed', environment: undefined },
      failure: { code: 'unhealthy', message: 'no' },
    },
  ],
])('says "%s" where that is what happened', (words, changes) => {
  expect(renderSentence(reportWith(changes))).toContain(words);
});

it('begins with the failure, its remedy and what still serves', () => {
  const summary = renderSummary(
    reportWith({
      deployment: { ...RELEASE.deployment, status: 'failed', previousImage: 'ghcr.io/acme/mnist-mlp@old' },
      failure: {
        code: 'unhealthy',
        message: 'deploy Deployment/apps/mnist-mlp: crash loop',
        hint: 'read the log',
      },
    }),
  );
  const [title, reason, remedy, still] = summary.split('\n\n');
  expect(title).toContain('failed in production');
  expect(reason).toBe('**deploy Deployment/apps/mnist-mlp: crash loop**');
  expect(remedy).toBe('What to do: read the log');
  expect(still).toContain('go on serving `ghcr.io/acme/mnist-mlp@old`');
});

it('says that nothing serves after a failed first deploy', () => {
  const summary = renderSummary(
    reportWith({
      deployment: { ...RELEASE.deployment, status: 'failed' },
      failure: { code: 'unhealthy', message: 'crash loop' },
    }),
  );
  expect(summary).toContain('nothing serves now');
});

it('works the reuse out and lists each layer with its fate', () => {
  const summary = renderSummary(reportWith({}));
  expect(summary).toContain('R = 1 - 212 MB / 16.4 GB = 98.7 %');
  expect(summary).toContain(
    '| `ffffffffffff` | weights | 212 MB | 212 MB | 0 B | uploaded | `models/a\\|b.pt` |',
  );
  expect(summary).toContain('| **2 layers** |  | **16.4 GB** | **212 MB** | **16.2 GB** |  |  |');
});

it('says why a layer is new, where one is', () => {
  const [base, weights] = RELEASE.image.layers;
  const layers = [base, { ...weights, whyNew: 'versioned-name' }];
  const summary = renderSummary(reportWith({ image: { ...RELEASE.image, layers } }));
  expect(summary).toContain('| uploaded | a file name changed with the version | `models/a\\|b.pt` |');
  expect(renderSummary(reportWith({}))).not.toContain('new because');
});

it('tells platforms apart, each with its own reuse', () => {
  const { reuse } = RELEASE.image;
  const platform = (name: string, hex: string) => ({
    platform: name,
    digest: digest(hex),
    configDigest: digest(hex),
    baseDigest: digest('c'),
    reuse,
  });
  const image = {
    ...RELEASE.image,
    platforms: [platform('linux/amd64', '1'), platform('linux/arm64', '2')],
    sharing: { ratio: 0.334, totalBytes: 1197, newBytes: 797 },
    layers: RELEASE.image.layers.map(layer => ({ ...layer, platform: 'linux/arm64' })),
  };
  const summary = renderSummary(reportWith({ image }));
  expect(summary).toContain('on linux/amd64 and linux/arm64, tags');
  expect(summary).toContain('Reuse on linux/arm64 R = 1 - 212 MB / 16.4 GB = 98.7 %');
  expect(summary).toContain('Shared among the platforms R = 1 - 797 B / 1.2 kB = 33.4 %');
  expect(summary).toContain('| `ffffffffffff` | linux/arm64 | weights |');
  expect(outputsOf(reportWith({ image }))).toMatchObject({ imageid: `${digest('1')}\n${digest('2')}` });
});

it('names the other repositories with what they cost', () => {
  const copies = [
    { reference: `a.test/m@${digest('a')}`, changed: true, bytesPushed: 212_000_000, bytesReused: 0 },
    { reference: `b.test/m@${digest('a')}`, changed: false, bytesPushed: 0, bytesReused: 212_000_000 },
  ];
  const summary = renderSummary(reportWith({ image: { ...RELEASE.image, copies } }));
  expect(summary).toContain(`Also in \`a.test/m@${digest('a')}\`: 212 MB pushed, 0 B reused`);
  expect(summary).toContain(`Also there before: \`b.test/m@${digest('a')}\`: 0 B pushed, 212 MB reused`);
});

it('keeps markup in names and messages harmless', () => {
  expect(escapeMarkdown('<img src=x>|**a**\nb')).toBe('&lt;img src=x&gt;\\|\\*\\*a\\*\\* b');
  expect(code('a`b``c')).toBe('``` a`b``c ```');
});

it('bounds the layer table', () => {
  const layers = Array.from({ length: 5000 }, () => RELEASE.image.layers[1]);
  const summary = renderSummary(reportWith({ image: { ...RELEASE.image, layers } }));
  expect(summary).toContain('| and 4,800 more layers |  | 1.02 TB | 1.02 TB | 0 B |');
  expect(summary).toContain('| **5,000 layers** |  | **1.06 TB** |');
});

it('answers every output of a release by its name', () => {
  expect(outputsOf(reportWith({}))).toMatchObject({
    image: `ghcr.io/acme/mnist-mlp@${digest('a')}`,
    digest: digest('a'),
    imageid: digest('b'),
    tags: '1.4.0\nmain',
    version: '1.4.0',
    changed: 'true',
    'bytes-total': '16400000000',
    'bytes-pushed': '212000000',
    'reuse-ratio': '0.9870731707317073',
    'deployment-status': 'healthy',
  });
});

it.each([
  ['success', {}],
  ['success', { deployment: { ...RELEASE.deployment, status: 'unchanged' } }],
  ['failure', { deployment: { ...RELEASE.deployment, status: 'failed' }, failure: FAILURE }],
  ['failure', { deployment: { ...RELEASE.deployment, status: 'rolled-back' }, failure: FAILURE }],
  ['error', { deployment: undefined, failure: { code: 'cancelled', message: 'cancelled by SIGTERM' } }],
])('tells GitHub %s where that is the verdict', (state, changes) => {
  expect(deploymentStateOf(reportWith(changes))).toBe(state);
});

it('notes of a release what it is, what it cost, and how to verify it', () => {
  const notes = renderReleaseNotes(reportWith({}));
  expect(notes).toContain('### mnist-mlp 1.4.0');
  expect(notes).toContain(`| image | \`ghcr.io/acme/mnist-mlp@${digest('a')}\` |`);
  expect(notes).toContain('| pushed | 212 MB |');
  expect(notes).toContain('| metrics | accuracy 0.981 |');
  expect(notes).toContain('| runs in | production (healthy) |');
  expect(notes).toContain(`docker pull ghcr.io/acme/mnist-mlp@${digest('a')}`);
  expect(notes).toContain('imagetools inspect ghcr.io/acme/mnist-mlp:1.4.0');
});

it('notes nothing where nothing was released', () => {
  expect(renderReleaseNotes(reportWith({ failure: FAILURE }))).toBeUndefined();
  expect(renderReleaseNotes(reportWith({ mode: 'rollback' }))).toBeUndefined();
  const image = { ...RELEASE.image, isPushed: false };
  expect(renderReleaseNotes(reportWith({ image, deployment: undefined }))).toBeUndefined();
  const deployment = { ...RELEASE.deployment, status: 'planned' };
  expect(renderReleaseNotes(reportWith({ deployment }))).toBeUndefined();
  expect(renderReleaseNotes(reportWith({ image: undefined, deployment: undefined }))).toBeUndefined();
});
