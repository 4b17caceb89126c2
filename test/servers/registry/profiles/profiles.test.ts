import { OCI_MANIFEST, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import {
  anonymous,
  copyImage,
  createRegistry,
  type CredentialProvider,
  traitsOf,
} from '@modelpier/backstage-plugin-modelpier-node';
import { randomBytes } from 'node:crypto';
import { isWhole, login, sampleBuild, WEIGHTS_BYTES } from '../sample-build';
import { blobOf, digestOf, jsonBytes, patientClock, pushImage } from '../samples';
import { type RegistryServer, type RegistryServerOptions, startRegistry } from '../server';
import { artifactRegistry } from './artifact-registry';
import { chunkMinLength } from './chunk-min-length';
import { startDockerHub } from './docker-hub';
import { dockerRegistry } from './docker-registry';
import { ecr } from './ecr';
import { ghcr } from './ghcr';
import { harbor } from './harbor';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options: RegistryServerOptions): Promise<RegistryServer> {
  const server = await startRegistry(options);
  ends.push(() => server.close());
  return server;
}

/** A model to build against the server, whose base is in another repository of it. */
async function stage(
  { host, requests }: RegistryServer,
  { credentials, to, from }: { credentials: CredentialProvider; to: string; from: string },
) {
  const repository: Repository = { registry: host, path: to };
  const sample = await sampleBuild({ repository, base: { registry: host, path: from }, credentials });
  ends.push(() => sample.close());
  requests.length = 0;
  return { ...sample, repository };
}

const fates = ({ image }: { image: { layers: readonly { kind: string; fate: string }[] } }) =>
  image.layers.map(({ kind, fate }) => `${kind} ${fate}`);
const parts = ({ requests }: RegistryServer) => requests.filter(({ method }) => method === 'PATCH');

describe('ghcr.io', () => {
  const credentials = login('ada', 'ghs_secret');
  const to = { credentials, to: 'acme/digits', from: 'acme/torch' };

  it('takes an image in one stream, and mounts the base', async () => {
    const server = await start({ profile: ghcr({ user: 'ada', token: 'ghs_secret' }) });
    const { build, registry, repository } = await stage(server, to);
    expect(fates(await build())).toEqual([
      'base mounted',
      'base mounted',
      'weights uploaded',
      'assets uploaded',
    ]);
    expect(parts(server).filter(({ headers }) => headers['content-range'] !== undefined)).toEqual([]);
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
  });

  it('gets the blob anew where it refuses the rest of a broken stream as a chunk over 4 MiB', async () => {
    const server = await start({ profile: ghcr({ user: 'ada', token: 'ghs_secret' }) });
    const { registry, repository } = await stage(server, to);
    const blob = blobOf(randomBytes(WEIGHTS_BYTES));
    const before = parts(server).length;
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 100_000 });
    await registry.uploadBlob(repository, blob);
    const sent = parts(server).slice(before);
    expect(sent.map(({ status }) => status)).toEqual([0, 416, 202]);
    expect(await registry.hasBlob(repository, blob.descriptor.digest)).toBe(true);
  });

  it('ends an upload after ten minutes, which the error says at once', async () => {
    const profile = ghcr({ user: 'ada', token: 'ghs_secret', maxUploadBytes: WEIGHTS_BYTES / 2 });
    const server = await start({ profile });
    const { request } = await stage(server, to);
    const clock = patientClock();
    const registry = createRegistry({ credentials, clock, traits: () => traitsOf('ghcr.io') });
    ends.push(() => registry.close());
    const onProgress = () => clock.passMs(5 * 60_000);
    const failure = registry.uploadBlob(request.repositories[0]!, blobOf(randomBytes(WEIGHTS_BYTES)), {
      onProgress,
    });
    await expect(failure).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('ends an upload after 10 minutes') as string,
    });
    expect(parts(server)).toHaveLength(1);
  });

  it('refuses a layer over its limit, once, and says what to do', async () => {
    const profile = ghcr({ user: 'ada', token: 'ghs_secret', maxLayerBytes: WEIGHTS_BYTES / 2 });
    const server = await start({ profile });
    const { build } = await stage(server, to);
    await expect(build()).rejects.toMatchObject({
      code: 'too-large',
      hint: expect.stringContaining('smaller files') as string,
    });
  });

  it('copies a base whose package the token may not read', async () => {
    const profile = ghcr({ user: 'ada', token: 'ghs_secret', foreignPackages: ['other/torch'] });
    const server = await start({ profile });
    const elsewhere = await start({});
    const { build, request } = await stage(server, to);
    const other = await sampleBuild({
      repository: { registry: elsewhere.host, path: 'x' },
      base: { registry: elsewhere.host, path: 'torch' },
      credentials,
    });
    ends.push(() => other.close());
    expect(request.baseImage.registry).toBe(server.host);
    const built = await build({ baseImage: other.request.baseImage });
    expect(fates(built).slice(0, 2)).toEqual(['base copied', 'base copied']);
  });

  it('begins an upload where a package may not be read for a mount', async () => {
    const profile = ghcr({ user: 'ada', token: 'ghs_secret', foreignPackages: ['other/torch'] });
    const server = await start({ profile });
    const { registry, repository } = await stage(server, to);
    const digest = digestOf(Buffer.from('x'));
    expect(await registry.mountBlob(repository, digest, { ...repository, path: 'other/torch' })).toBe(false);
  });

  it('has no referrers API, so the list is kept under a tag', async () => {
    const server = await start({ profile: ghcr({ user: 'ada', token: 'ghs_secret' }) });
    const { registry, repository } = await stage(server, to);
    const { digest, manifest, config } = await pushImage(registry, repository, 'v1');
    const subject = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
    const document = {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: config.descriptor,
      layers: [],
      subject,
    };
    const bytes = jsonBytes({ ...document, artifactType: 'application/vnd.report' });
    const referrer = await registry.putReferrer(repository, { mediaType: OCI_MANIFEST, bytes });
    expect(await registry.listReferrers(repository, digest)).toMatchObject([{ digest: referrer }]);
    expect(await registry.headManifest(repository, digest.replace(':', '-'))).toBeDefined();
  });
});

describe('Amazon ECR', () => {
  const credentials = login('AWS', 'ecr-password');
  const repositories = ['acme/digits', 'acme/torch'];
  const to = { credentials, to: 'acme/digits', from: 'acme/torch' };

  it('takes an image with a password and 201 after the part', async () => {
    const server = await start({ profile: ecr({ password: 'ecr-password', repositories }) });
    const { build, registry, repository } = await stage(server, to);
    expect(fates(await build())).toEqual([
      'base mounted',
      'base mounted',
      'weights uploaded',
      'assets uploaded',
    ]);
    expect(parts(server).map(({ status }) => status)).toContain(201);
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
  });

  it('keeps a blob whole although it misreports how far it is', async () => {
    const server = await start({ profile: ecr({ password: 'ecr-password', repositories }) });
    const { build, registry, repository } = await stage(server, to);
    server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 1_000_000, times: 3 });
    await build();
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
  });

  it('answers many first requests at once', async () => {
    const server = await start({ profile: ecr({ password: 'ecr-password', repositories }) });
    const registry = createRegistry({ credentials });
    ends.push(() => registry.close());
    const repository = { registry: server.host, path: 'acme/digits' };
    const asked = Array.from({ length: 8 }, () => registry.hasBlob(repository, digestOf(Buffer.from('x'))));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 8 }, () => false));
  });

  it('has to have the repository first, which the error says', async () => {
    const server = await start({ profile: ecr({ password: 'ecr-password', repositories: ['acme/torch'] }) });
    const { build } = await stage(server, to);
    await expect(build()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining("repository with name 'acme/digits' does not exist") as string,
      hint: expect.stringContaining('create the repository') as string,
    });
  });

  it('is asked for no more tags than it gives', async () => {
    const server = await start({ profile: ecr({ password: 'ecr-password', repositories }) });
    const { build, registry, repository } = await stage(server, to);
    await build();
    const tags: string[] = [];
    for await (const tag of registry.listTags(repository)) tags.push(tag);
    expect(tags).toEqual(['1.0.0', 'latest']);
  });

  it('gets what it does not mount', async () => {
    const server = await start({ profile: ecr({ password: 'ecr-password', repositories }) });
    const { registry, repository } = await stage(server, to);
    const loose = blobOf(Buffer.from('named by no manifest'));
    const from = { ...repository, path: 'acme/torch' };
    await registry.uploadBlob(from, loose);
    expect(await registry.mountBlob(repository, loose.descriptor.digest, from)).toBe(false);
  });
});

describe('Google Artifact Registry', () => {
  const credentials = login('oauth2accesstoken', 'ya29.token');
  const repositories = ['project/models', 'project/bases'];
  const to = { credentials, to: 'project/models/digits', from: 'project/bases/torch' };
  const profile = artifactRegistry({ accessToken: 'ya29.token', repositories });

  it('takes an image blob by blob, mounted across repositories', async () => {
    const server = await start({ profile });
    const { build, registry, repository } = await stage(server, to);
    expect(fates(await build())).toEqual([
      'base mounted',
      'base mounted',
      'weights uploaded',
      'assets uploaded',
    ]);
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
  });

  it('is tried with PATCH once and never again', async () => {
    const server = await start({ profile });
    const registry = createRegistry({ credentials });
    ends.push(() => registry.close());
    const repository = { registry: server.host, path: 'project/models/digits' };
    for (const text of ['one', 'two', 'three'])
      await registry.uploadBlob(repository, blobOf(Buffer.from(text)));
    expect(parts(server)).toHaveLength(1);
  });

  it('gets the blob anew where the connection breaks', async () => {
    const server = await start({ profile });
    const { build, registry, repository } = await stage(server, to);
    server.faults.inject({ method: 'PUT', path: /uploads/, kind: 'cut-request', afterBytes: 50_000 });
    await build();
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
  });

  it('has to have the repository first, which the error says', async () => {
    const server = await start({
      profile: artifactRegistry({ accessToken: 'ya29.token', repositories: ['project/bases'] }),
    });
    const { build } = await stage(server, to);
    await expect(build()).rejects.toMatchObject({
      message: expect.stringContaining('Repository "models" not found') as string,
      hint: expect.stringContaining('create the repository') as string,
    });
  });
});

describe('Docker Hub', () => {
  const users = { ada: { password: 'dckr_pat_secret' } };
  const credentials = login('ada', 'dckr_pat_secret');
  const to = { credentials, to: 'ada/digits', from: 'library/torch' };

  it('takes an image with tokens of another host, and mounts the official base', async () => {
    const server = await startDockerHub({ users });
    ends.push(() => server.close());
    const { build, registry, repository } = await stage(server, to);
    expect(fates(await build())).toEqual([
      'base mounted',
      'base mounted',
      'weights uploaded',
      'assets uploaded',
    ]);
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
    expect(server.tokenRequests.every(({ authorization }) => authorization?.startsWith('Basic '))).toBe(true);
    const asked = server.requests.filter(({ path }) => path !== '/token');
    const shown = asked.map(({ headers }) => headers.authorization ?? 'Bearer');
    expect(shown.every(header => header.startsWith('Bearer'))).toBe(true);
  });

  it('waits as long as a 429 asks', async () => {
    const server = await startDockerHub({ users });
    ends.push(() => server.close());
    const { build, clock } = await stage(server, to);
    const headers = { 'retry-after': '7' };
    server.faults.inject({ method: 'POST', kind: 'answer', status: 429, headers, body: 'Too Many Requests' });
    await build();
    expect(clock.sleptMs).toContain(7000);
  });

  it('limits pulls by nobody in particular, and the error says to log in', async () => {
    const server = await startDockerHub({ users, anonymousPulls: 1 });
    ends.push(() => server.close());
    const { repository } = await stage(server, to);
    const base = { ...repository, path: 'library/torch' };
    const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
    ends.push(() => registry.close());
    expect(await registry.getManifest(base, 'v1')).toBeDefined();
    await expect(registry.getManifest(base, 'v1')).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('unauthenticated pull rate limit') as string,
      hint: expect.stringContaining('log in') as string,
    });
    expect(await registry.headManifest(base, 'v1')).toBeDefined();
  });
});

describe('Harbor', () => {
  const credentials = login('robot$acme+ci', 'robot-secret');
  const to = { credentials, to: 'acme/digits', from: 'bases/torch' };
  const robot = { robot: 'robot$acme+ci', secret: 'robot-secret' };

  it('takes an image from a robot, which sends no cookie back', async () => {
    const server = await start({ profile: harbor(robot) });
    const { build, registry, repository } = await stage(server, to);
    expect(fates(await build())).toEqual([
      'base mounted',
      'base mounted',
      'weights uploaded',
      'assets uploaded',
    ]);
    expect(server.requests.every(({ headers }) => headers.cookie === undefined)).toBe(true);
    expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
  });

  it.each([403, 412] as const)('says with %d that the project is full, once', async quotaStatus => {
    const server = await start({ profile: harbor({ ...robot, quotaBytes: WEIGHTS_BYTES / 2, quotaStatus }) });
    const { build, registry, repository } = await stage(server, to);
    await expect(build()).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('will exceed the configured upper limit of 2.3 MiB') as string,
      hint: expect.stringContaining('quota') as string,
    });
    expect(await registry.headManifest(repository, 'latest')).toBeUndefined();
  });

  it('is asked for no mount from a project that the robot may not read', async () => {
    const server = await start({ profile: harbor({ ...robot, foreignRepositories: ['closed/torch'] }) });
    const { registry, repository } = await stage(server, to);
    await registry.hasBlob(repository, digestOf(Buffer.from('x')));
    server.requests.length = 0;
    const from = { ...repository, path: 'closed/torch' };
    expect(await registry.mountBlob(repository, digestOf(Buffer.from('x')), from)).toBe(false);
    expect(server.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

it("begins anew what Docker's own registry drops when a stream breaks", async () => {
  const server = await start({ profile: dockerRegistry });
  const { build, registry, repository } = await stage(server, {
    credentials: anonymous,
    to: 'acme/digits',
    from: 'acme/torch',
  });
  server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 200_000 });
  await build();
  expect(parts(server).every(({ headers }) => headers['content-range'] === undefined)).toBe(true);
  expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
});

it('begins anew what a registry with a least size of chunks has too little of', async () => {
  const server = await start({ profile: chunkMinLength(1_000_000) });
  const { build, registry, repository } = await stage(server, {
    credentials: anonymous,
    to: 'acme/digits',
    from: 'acme/torch',
  });
  server.faults.inject({ method: 'PATCH', kind: 'cut-request', afterBytes: 200_000 });
  await build();
  expect(parts(server).every(({ headers }) => headers['content-range'] === undefined)).toBe(true);
  expect(await isWhole(registry, repository, '1.0.0')).toBe(true);
});

it('copies an image from one vendor to another', async () => {
  const github = await start({ profile: ghcr({ user: 'ada', token: 'ghs_secret' }) });
  const amazon = await start({ profile: ecr({ password: 'ecr-password', repositories: ['digits'] }) });
  const { build, repository } = await stage(github, {
    credentials: login('ada', 'ghs_secret'),
    to: 'acme/digits',
    from: 'acme/torch',
  });
  const { image } = await build();
  const logins: Record<string, CredentialProvider> = {
    [github.host]: login('ada', 'ghs_secret'),
    [amazon.host]: login('AWS', 'ecr-password'),
  };
  const registry = createRegistry({ credentials: async host => logins[host]?.(host) });
  ends.push(() => registry.close());
  const target = { registry: amazon.host, path: 'digits' };
  const copied = await copyImage(registry, {
    from: repository,
    tagOrDigest: '1.0.0',
    to: target,
    tags: ['prod'],
  });
  expect(copied.digest).toBe(image.digest);
  expect(new Set(copied.blobs.map(({ fate }) => fate))).toEqual(new Set(['copied']));
  expect(await isWhole(registry, target, 'prod')).toBe(true);
});
