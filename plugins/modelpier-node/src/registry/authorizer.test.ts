import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { randomBytes } from 'node:crypto';
import type { AuthOptions } from '../../../../test/servers/registry/auth';
import { blobOf, patientClock, pushImage } from '../../../../test/servers/registry/samples';
import { type RegistryServer, startRegistry } from '../../../../test/servers/registry/server';
import { anonymous, type Credential } from './credential';
import { createRegistry, type RegistryOptions } from './registry';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const users = {
  owner: { password: 'hunter2' },
  reader: { password: 'hunter3', mayPush: false },
  stranger: { password: 'hunter4', mayNotPull: ['acme/base'] },
};

async function start(auth: Partial<AuthOptions> = {}) {
  const clock = patientClock();
  const server = await startRegistry({ auth: { kind: 'bearer', users, ...auth }, now: () => clock.now() });
  ends.push(() => server.close());
  const client = (credential?: Credential, options: Partial<RegistryOptions> = {}) => {
    const credentials = () => Promise.resolve(credential);
    const registry = createRegistry({ credentials, clock, random: () => 1, ...options });
    ends.push(() => registry.close());
    return registry;
  };
  const app: Repository = { registry: server.host, path: 'acme/app' };
  const base: Repository = { registry: server.host, path: 'acme/base' };
  return { server, clock, client, app, base };
}

const basic = (username: keyof typeof users): Credential => ({
  kind: 'basic',
  username,
  password: users[username].password,
});
const tokensAsked = ({ requests }: RegistryServer) =>
  requests
    .filter(({ path }) => path === '/token')
    .map(({ query }) => new URLSearchParams(query).getAll('scope'));

it('answers a Basic challenge, and sends no password before it is asked', async () => {
  const { server, client, app } = await start({ kind: 'basic' });
  const registry = client(basic('owner'));
  await pushImage(registry, app, 'v1');
  const sent = server.requests.map(({ headers }) => headers.authorization?.split(' ')[0]);
  expect(sent[0]).toBeUndefined();
  expect(new Set(sent.slice(1))).toEqual(new Set(['Basic']));
});

it('fetches one token for a whole push', async () => {
  const { server, client, app } = await start();
  await pushImage(client(basic('owner')), app, 'v1');
  expect(tokensAsked(server)).toEqual([['repository:acme/app:pull,push']]);
  expect(server.requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

it('renews one token for many requests at once', async () => {
  const { server, client, app } = await start();
  const registry = client(basic('owner'));
  const { layer } = await pushImage(registry, app, 'v1');
  server.revokeTokens();
  await Promise.all(Array.from({ length: 5 }, () => registry.hasBlob(app, layer.descriptor.digest)));
  expect(tokensAsked(server)).toEqual([['repository:acme/app:pull,push'], ['repository:acme/app:pull']]);
});

it('exchanges an identity token', async () => {
  const { server, client, app } = await start({ identityTokens: { 'refresh-me': 'owner' } });
  await pushImage(client({ kind: 'identity-token', token: 'refresh-me' }), app, 'v1');
  const asked = server.requests.find(({ path }) => path === '/token');
  expect(asked).toMatchObject({ method: 'POST', query: '', status: 200 });
});

it('reads a public repository as nobody', async () => {
  const { client, app } = await start({ anonymousPull: true });
  const { digest } = await pushImage(client(basic('owner')), app, 'v1');
  expect(await client().headManifest(app, 'v1')).toMatchObject({ digest });
});

it('renews a token in time', async () => {
  const { server, clock, client, app } = await start({ tokenLifetimeS: 300 });
  const registry = client(basic('owner'));
  await pushImage(registry, app, 'v1');
  clock.passMs(295_000);
  await registry.headManifest(app, 'v1');
  expect(tokensAsked(server)).toHaveLength(2);
  expect(server.requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

it('renews a token that is refused in the middle of an upload', async () => {
  const { server, client, app } = await start();
  const registry = client(basic('owner'));
  await pushImage(registry, app, 'v1');
  const headers = { 'www-authenticate': `Bearer realm="${server.url}/token",service="registry"` };
  server.faults.inject({ method: 'PATCH', kind: 'answer', status: 401, headers });
  const blob = blobOf(randomBytes(300_000));
  await registry.uploadBlob(app, blob);
  expect(await registry.hasBlob(app, blob.descriptor.digest)).toBe(true);
});

it('renews once, not for ever', async () => {
  const { server, client, app } = await start();
  const registry = client(basic('reader'));
  const failure = registry.uploadBlob(app, blobOf(randomBytes(10)));
  await expect(failure).rejects.toMatchObject({ code: 'unauthorized' });
  expect(server.requests.length).toBeLessThanOrEqual(3);
});

it.each([true, false])('does not mount what it may not read; readable tokens: %s', async readableTokens => {
  const { server, client, app, base } = await start({ readableTokens });
  const { layer } = await pushImage(client(basic('owner')), base, 'v1');
  const { digest } = layer.descriptor;
  const registry = client(basic('stranger'));
  await pushImage(registry, app, 'v1');
  const before = server.requests.length;

  expect(await registry.mountBlob(app, digest, base)).toBe(false);

  const mounts = server.requests.slice(before).filter(({ query }) => query.includes('mount='));
  expect(mounts.map(({ status }) => status)).toEqual(readableTokens ? [] : [202]);
  expect(await client(basic('owner')).mountBlob(app, digest, base)).toBe(true);
});

it.each([
  [
    'a wrong password',
    { kind: 'basic', username: 'owner', password: 'wrong-secret' },
    /refused the credential/,
  ],
  ['nobody', undefined, /^log in to 127/],
] as const)('says what to do for %s', async (_, credential, hint) => {
  const { client, app } = await start();
  const failure: unknown = await client(credential)
    .headManifest(app, 'v1')
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'unauthorized', hint: expect.stringMatching(hint) as string });
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('wrong-secret');
});

it('gives the password to no token server that is not allowed', async () => {
  const elsewhere = await start();
  const { client, app } = await start({ realm: `${elsewhere.server.url}/token` });
  const failure = client(basic('owner'), { allowedRealms: ['auth.example'] }).headManifest(app, 'v1');
  await expect(failure).rejects.toMatchObject({ code: 'forbidden' });
  expect(elsewhere.server.requests).toEqual([]);
  const allowed = client(basic('owner'), { allowedRealms: [elsewhere.server.host] });
  await expect(allowed.headManifest(app, 'v1')).rejects.toMatchObject({ code: 'unauthorized' });
  expect(elsewhere.server.requests).toHaveLength(1);
});

it('gives the password to no token server without TLS', async () => {
  const { server, client, app } = await start({ realm: 'http://auth.example/token' });
  const failure = client(basic('owner')).headManifest(app, 'v1');
  await expect(failure).rejects.toMatchObject({ code: 'forbidden' });
  expect(server.requests).toHaveLength(1);
});

it('does not let a failing helper hide what went wrong', async () => {
  const { client, app } = await start({ kind: 'basic' });
  const credentials = () => Promise.reject(new Error('helper'));
  await expect(client(undefined, { credentials }).headManifest(app, 'v1')).rejects.toThrow('failed');
  const open = await startRegistry();
  ends.push(() => open.close());
  const registry = client(undefined, { credentials });
  await expect(registry.getManifest({ ...app, registry: open.host }, 'v1')).rejects.toThrow(
    'MANIFEST_UNKNOWN',
  );
});

it('goes without a credential where it is anonymous', async () => {
  expect(await anonymous('ghcr.io')).toBeUndefined();
});

it('stops waiting for a token when it is cancelled', async () => {
  const { server, client, app } = await start();
  server.faults.inject({ path: /^\/token$/, kind: 'slow', delayMs: 60_000 });
  const stop = new AbortController();
  const asked = client(basic('owner')).headManifest(app, 'v1', { signal: stop.signal });
  while (server.requests.length < 2) await new Promise(resolve => setTimeout(resolve, 5));
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});

it('does not send a password again that was refused', async () => {
  const { server, client, app } = await start({ kind: 'basic' });
  const wrong = client({ kind: 'basic', username: 'owner', password: 'wrong' });
  await expect(wrong.headManifest(app, 'v1')).rejects.toMatchObject({ code: 'unauthorized' });
  expect(server.requests).toHaveLength(2);
});
