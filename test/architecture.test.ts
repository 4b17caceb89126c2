import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '..');
const COMMON = 'plugins/modelpier-common/src';
const NODE = 'plugins/modelpier-node/src';
const BACKEND = 'plugins/modelpier-backend/src';
const CATALOG = 'plugins/catalog-backend-module-modelpier/src';
const FRONTEND = 'plugins/modelpier/src';
const ACTION = 'action/src';

/** Each room names the rooms it may import; a room may always import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  [`${COMMON}/parse`]: [COMMON],
  [`${COMMON}/image`]: [COMMON, `${COMMON}/parse`],
  [`${COMMON}/workload`]: [COMMON, `${COMMON}/parse`, `${COMMON}/image`],
  [`${COMMON}/manifest`]: [COMMON, `${COMMON}/parse`, `${COMMON}/workload`],
  [`${COMMON}/model`]: [
    COMMON,
    `${COMMON}/parse`,
    `${COMMON}/image`,
    `${COMMON}/workload`,
    `${COMMON}/allocation`,
  ],
  [`${COMMON}/golden`]: [COMMON, `${COMMON}/parse`, `${COMMON}/model`],
  [`${COMMON}/release`]: [COMMON, ...['parse', 'workload', 'golden'].map(room => `${COMMON}/${room}`)],
  [`${COMMON}/diagnosis`]: [COMMON, ...['parse', 'workload', 'allocation'].map(room => `${COMMON}/${room}`)],
  [`${COMMON}/report`]: [
    COMMON,
    ...['parse', 'image', 'model', 'release', 'workload', 'reuse', 'diagnosis', 'fit', 'golden'].map(
      room => `${COMMON}/${room}`,
    ),
  ],
  [`${COMMON}/fit`]: [
    COMMON,
    ...['parse', 'image', 'workload', 'allocation'].map(room => `${COMMON}/${room}`),
  ],
  [`${COMMON}/reuse`]: [COMMON, `${COMMON}/parse`, `${COMMON}/image`],
  [`${COMMON}/allocation`]: [COMMON, `${COMMON}/parse`, `${COMMON}/workload`],
  [`${COMMON}/trust`]: [COMMON],
  [`${COMMON}/api`]: [
    COMMON,
    ...[
      'golden',
      'parse',
      'image',
      'model',
      'workload',
      'release',
      'report',
      'reuse',
      'allocation',
      'diagnosis',
      'golden',
    ].map(room => `${COMMON}/${room}`),
  ],
  [COMMON]: [
    `${COMMON}/parse`,
    `${COMMON}/image`,
    `${COMMON}/workload`,
    `${COMMON}/manifest`,
    `${COMMON}/model`,
    `${COMMON}/golden`,
    `${COMMON}/release`,
    `${COMMON}/diagnosis`,
    `${COMMON}/fit`,
    `${COMMON}/report`,
    `${COMMON}/trust`,
    `${COMMON}/reuse`,
    `${COMMON}/allocation`,
    `${COMMON}/api`,
  ],

  [`${NODE}/registry`]: [COMMON],
  [`${NODE}/kubernetes`]: [COMMON, `${NODE}/registry`],
  [`${NODE}/inference`]: [COMMON, `${NODE}/registry`, `${NODE}/kubernetes`],
  [NODE]: [COMMON, `${NODE}/registry`, `${NODE}/kubernetes`, `${NODE}/inference`],

  [`${ACTION}/inputs`]: [COMMON, `${ACTION}/github`],
  [`${ACTION}/github`]: [COMMON],
  [`${ACTION}/model`]: [COMMON],
  [`${ACTION}/content`]: [COMMON],
  [`${ACTION}/scan`]: [COMMON, `${ACTION}/content`],
  [`${ACTION}/inspect`]: [COMMON, `${ACTION}/content`, `${ACTION}/scan`],
  [`${ACTION}/layer`]: [COMMON, NODE, `${ACTION}/model`],
  [`${ACTION}/image`]: [COMMON, NODE, `${ACTION}/layer`, `${ACTION}/model`],
  [`${ACTION}/dockerfile`]: [COMMON, NODE, ...['image', 'layer', 'model'].map(room => `${ACTION}/${room}`)],
  [`${ACTION}/promote`]: [COMMON, NODE, `${ACTION}/image`],
  [`${ACTION}/manifests`]: [COMMON, NODE],
  [`${ACTION}/plan`]: [COMMON],
  [`${ACTION}/apply-set`]: [COMMON, NODE],
  [`${ACTION}/ledger`]: [COMMON, NODE],
  [`${ACTION}/evidence`]: [COMMON, NODE],
  [`${ACTION}/golden`]: [COMMON, NODE, `${ACTION}/content`, `${ACTION}/model`],
  [`${ACTION}/engine`]: [COMMON, NODE, `${ACTION}/dockerfile`, `${ACTION}/golden`],
  [`${ACTION}/rollout`]: [
    COMMON,
    NODE,
    ...['apply-set', 'evidence', 'golden', 'ledger', 'plan'].map(room => `${ACTION}/${room}`),
  ],
  [`${ACTION}/sbom`]: [COMMON],
  [`${ACTION}/signature`]: [COMMON, NODE],
  [`${ACTION}/sigstore`]: [COMMON, NODE, `${ACTION}/signature`],
  [`${ACTION}/provenance`]: [COMMON, `${ACTION}/github`],
  [`${ACTION}/report`]: [COMMON],
  [ACTION]: [
    COMMON,
    NODE,
    ...[
      'inputs',
      'github',
      'model',
      'layer',
      'image',
      'dockerfile',
      'promote',
      'manifests',
      'ledger',
      'rollout',
      'report',
      'sbom',
      'signature',
      'sigstore',
      'provenance',
      'inspect',
      'scan',
      'golden',
      'engine',
    ].map(room => `${ACTION}/${room}`),
  ],

  [BACKEND]: [COMMON, NODE],
  [CATALOG]: [COMMON, NODE],
  [FRONTEND]: [COMMON],
};

const PACKAGES: Readonly<Record<string, string>> = {
  '@modelpier/backstage-plugin-modelpier-common': COMMON,
  '@modelpier/backstage-plugin-modelpier-common/permissions': COMMON,
  '@modelpier/backstage-plugin-modelpier-node': NODE,
  '@modelpier/backstage-plugin-modelpier-backend': BACKEND,
  '@modelpier/backstage-plugin-catalog-backend-module-modelpier': CATALOG,
  '@modelpier/backstage-plugin-modelpier': FRONTEND,
};

/** What the pure kernel may import from outside: nothing, but for permissions, an entry of its own. */
const KERNEL_EXCEPTION = { file: `${COMMON}/permissions.ts`, may: '@backstage/plugin-permission-common' };
/** Only these rooms talk to a registry or a cluster. */
const NETWORK = /^(?:node:)?(?:https?|net|tls|http2)$|^undici$|^@kubernetes\/client-node$/;

const rooms = Object.keys(ROOMS).sort((a, b) => b.length - a.length);
const roomOf = (path: string): string | undefined =>
  rooms.find(room => path === room || path.startsWith(`${room}/`));

function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith('.')
      ? relative(ROOT, join(ROOT, dirname(file), fileName))
      : (PACKAGES[fileName] ?? fileName),
  );
}

const sources = [ACTION, COMMON, NODE, BACKEND, CATALOG, FRONTEND]
  .flatMap(root =>
    readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' }).map(path => join(root, path)),
  )
  .filter(path => /\.tsx?$/.test(path) && !/\.(?:test|fixture)\.tsx?$/.test(path));

function breachesOf(file: string, imports: readonly string[]): readonly string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file} lives in no room`];
  return imports.flatMap(target => {
    const to = roomOf(target);
    if (to === room) return [];
    if (to !== undefined) {
      const allowed = (ROOMS[room] ?? []).some(
        may => to === may || (may === NODE && to.startsWith(`${NODE}/`)),
      );
      return allowed ? [] : [`${room} must not import ${to} (${target})`];
    }
    if (/^(?:test|examples)\//.test(target)) return [`${file} must not import tests or examples (${target})`];
    if (room.startsWith(COMMON) && !(file === KERNEL_EXCEPTION.file && target === KERNEL_EXCEPTION.may)) {
      return [`${COMMON} is pure: it must not import ${target}`];
    }
    if (!room.startsWith(NODE) && NETWORK.test(target))
      return [`only ${NODE} talks to the network (${target})`];
    return [];
  });
}

it('finds the sources of every package', () => {
  expect(new Set(sources.map(file => file.split('/src/')[0]))).toHaveProperty('size', 6);
});

it.each(sources)('%s imports only what its room allows', file => {
  expect(breachesOf(file, importsOf(file))).toEqual([]);
});

it.each([
  [`${COMMON}/image/digest.ts`, 'node:fs', 'is pure'],
  [`${COMMON}/image/digest.ts`, `${COMMON}/api/wire`, 'must not import'],
  [`${ACTION}/layer/tar.ts`, `${ACTION}/report/markdown`, 'must not import'],
  [`${FRONTEND}/api/client.ts`, BACKEND, 'must not import'],
  [`${ACTION}/image/push.ts`, 'undici', 'talks to the network'],
  [`${BACKEND}/collect/registry.ts`, 'test/servers/registry', 'tests or examples'],
  ['plugins/elsewhere/src/a.ts', 'node:fs', 'lives in no room'],
])('refuses that %s imports %s', (file, target, words) => {
  expect(breachesOf(file, [target]).join()).toContain(words);
});
