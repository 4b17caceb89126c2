import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModel, parsePlatform, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import {
  anonymous,
  type CredentialProvider,
  createRegistry,
  type RegistryPorts,
} from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase } from '../../../test/servers/registry/base-images';
import { patientClock } from '../../../test/servers/registry/samples';
import {
  type RegistryServer,
  type RegistryServerOptions,
  startRegistry,
} from '../../../test/servers/registry/server';
import type { ModelFile } from '../model/model-file';
import { type BuildRequest, buildAndPush } from './build-image';
import type { BuildEvent } from './event';

const ends: (() => Promise<unknown>)[] = [];

/** Ends what a test began; to be called after each. */
export async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

export async function serve(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const server = await startRegistry(options);
  ends.push(() => server.close());
  return server;
}

export function connect(credentials: CredentialProvider = anonymous): RegistryPorts {
  const registry = createRegistry({ credentials, clock: patientClock() });
  ends.push(() => registry.close());
  return registry;
}

/** Files as a model has them, in a folder of their own. */
export async function lay(
  contents: Readonly<Record<string, Uint8Array | string>>,
): Promise<readonly ModelFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-build-'));
  ends.push(() => rm(folder, { recursive: true }));
  const files: ModelFile[] = [];
  for (const [path, content] of Object.entries(contents)) {
    await writeFile(join(folder, path), content);
    files.push({ path, absolutePath: join(folder, path), sizeBytes: Buffer.byteLength(content) });
  }
  return files;
}

const MODEL = parseModel({
  apiVersion: 'modelpier.io/v1',
  kind: 'Model',
  metadata: { name: 'digits' },
  spec: { files: ['model.pt'] },
});
export const WEIGHTS = randomBytes(300_000);

/** A registry with a base in it, and a request to build on that. */
export async function stage() {
  const server = await serve();
  const registry = connect();
  const base: Repository = { registry: server.host, path: 'runtime/torch' };
  const pushed = await pushBase(registry, base, { layers: [randomBytes(5000), Buffer.from('second')] });
  server.requests.length = 0;
  const request: BuildRequest = {
    repositories: [{ registry: server.host, path: 'acme/digits' }],
    tags: ['1.0.0', 'latest'],
    baseImage: { ...base, digest: pushed.digest },
    platforms: [parsePlatform('linux/amd64')],
    model: MODEL,
    version: '1.0.0',
    format: 'torchscript',
    files: await lay({ 'model.pt': WEIGHTS, 'labels.json': '["zero"]' }),
    compression: 'auto',
    epochSeconds: 0,
  };
  const build = (change: Partial<BuildRequest> = {}, signal?: AbortSignal) => {
    const events: BuildEvent[] = [];
    const built = buildAndPush({
      registry,
      request: { ...request, ...change },
      signal,
      onEvent: e => events.push(e),
    });
    return built.then(({ image, warnings }) => ({ image, warnings, events }));
  };
  const [repository] = request.repositories;
  if (repository === undefined) throw new Error('no repository');
  return { server, registry, base, pushed, repository, request, build };
}

export const fatesOf = ({ layers }: { layers: readonly { kind: string; fate: string }[] }) =>
  layers.map(({ kind, fate }) => `${kind} ${fate}`);
export const bytesSent = ({ requests }: RegistryServer) =>
  requests
    .filter(({ path }) => path.includes('/blobs/'))
    .reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
export const steps = ({ requests }: RegistryServer) =>
  requests.map(({ method, path }) => `${method} ${path.replace(/sha256:\w+|uploads\/.+/, '*')}`);
