import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityRef } from '@modelpier/backstage-plugin-modelpier-common';
import { type DemoOptions, HELP, readOptions } from './options';
import { startPortal } from './portal';
import { PortalClient } from './portal-client';
import { type DemoRelease, releasesOf } from './releases';
import { releaseTag, runBundle } from './run-action';
import { openWorld, type World } from './world';

const ROOT = join(__dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/mnist-mlp');
const ENTITY: EntityRef = { kind: 'component', namespace: 'default', name: 'mnist-mlp' };
/** The portal collects every 15 s; a broken release is not waited for longer than its crash loop. */
const SHOWN_WITHIN_MS = 120_000;

const say = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

const options = readOptions(process.argv.slice(2));
if (options === 'help') say(HELP);
else if ('fault' in options) {
  process.stderr.write(`${options.fault}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  demo(options, stop.signal).catch((error: unknown) => {
    if (stop.signal.aborted) return;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

async function demo(given: DemoOptions, signal: AbortSignal): Promise<void> {
  if (!(await isFree(given.port)))
    throw new Error(`port ${given.port} is taken; name another: npm run demo -- --port 7107`);
  const folder = join(ROOT, '.modelpier/demo');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const world = await openWorld(given, folder);
  try {
    say(`Releases go to ${world.description}.`);
    if (given.registry === undefined) say('To use real ones: npm run demo -- --help');
    for (const [index, release] of releasesOf(EXAMPLE).entries()) {
      await runRelease(release, { index, world, folder, signal });
    }
    await showPortal({ given, world, folder, signal });
  } finally {
    await world.close();
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

interface Step {
  readonly index: number;
  readonly world: World;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function runRelease(release: DemoRelease, { index, world, folder, signal }: Step): Promise<void> {
  const { version, title } = release;
  say();
  say(`== Release ${index + 1}, v${version}: ${title}`);
  const workspace = join(folder, 'workspace');
  await release.prepare(workspace);
  const result = await runBundle({
    bundle: join(ROOT, 'dist/index.js'),
    workspace,
    folder: join(folder, `release-${index + 1}`),
    github: releaseTag(version),
    inputs: {
      images: world.repository,
      'base-image': world.baseImage,
      code: 'labels.py',
      kubeconfig: world.kubeconfig,
      namespace: world.namespace ?? '',
      environment: 'production',
      'model-version': version,
      ...release.inputs,
    },
    onLine: line => {
      const text = readable(line);
      if (text !== undefined) say(`   ${text}`);
    },
    signal,
  });
  const status = result.report?.deployment?.status ?? 'failed';
  if (status !== release.outcome)
    throw new Error(`release ${version} ended ${status}, ${release.outcome} was expected`);
}

/** A workflow command as GitHub shows it; nothing where it shows nothing. */
function readable(line: string): string | undefined {
  const [, command, text = ''] = /^::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
  if (command === undefined) return line;
  if (command === 'group') return `-- ${text}`;
  if (command !== 'warning' && command !== 'error') return undefined;
  return `${command}: ${text.replaceAll('%0A', '\n     ').replaceAll('%25', '%')}`;
}

async function showPortal({
  given,
  world,
  folder,
  signal,
}: Omit<Step, 'index'> & { given: DemoOptions }): Promise<void> {
  say();
  say('Starting the portal (the first time it is built, which takes a minute or two)');
  const catalog = join(folder, 'catalog-info.yaml');
  const entity = await readFile(join(EXAMPLE, 'catalog-info.yaml'), 'utf8');
  await writeFile(catalog, entity.replace(/(modelpier\.io\/image:).*/, `$1 ${world.repository}`));
  const portal = await startPortal({
    root: ROOT,
    port: given.port,
    registry: world.registry,
    kubeconfig: world.portalKubeconfig,
    catalog,
    logFile: join(folder, 'portal.log'),
    signal,
  });
  try {
    await waitForVersions(new PortalClient(portal.url), signal);
    say();
    say(`The model's page: ${portal.url}/catalog/default/component/mnist-mlp/model`);
    say(`Reports and job summaries: ${folder}`);
    if (given.once) return;
    say('Ctrl-C ends the demo.');
    await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    await portal.close();
  }
}

async function waitForVersions(client: PortalClient, signal: AbortSignal): Promise<void> {
  const until = Date.now() + SHOWN_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const found = await Promise.all([client.versions(ENTITY), client.deployments(ENTITY)]).catch(
      () => undefined,
    );
    const [versions, deployments] = found ?? [];
    if (versions?.total === 4 && (deployments?.items.length ?? 0) > 0) {
      say(`It shows ${versions.total} versions and ${deployments?.items.length ?? 0} deployment.`);
      return;
    }
    if (Date.now() > until) throw new Error('the portal did not show the four versions in time; see its log');
    await sleep(1_000);
  }
}
