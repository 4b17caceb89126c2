import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { modelAnswer, routes } from '@modelpier/backstage-plugin-modelpier-common';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { modelEntity, type Portal, startPortal } from '../../../test/portal/portal';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const PASSWORD = 'hunter2-of-the-registry';
const TOKEN = 'eyJ-of-the-cluster';
const BASIC = Buffer.from(`portal:${PASSWORD}`).toString('base64');
const EVERY_READ = [
  routes.models,
  routes.model(mnist),
  routes.versions(mnist),
  routes.deployments(mnist),
  routes.releases(mnist),
  routes.history(mnist),
  routes.allocation(mnist),
  routes.reuse(mnist),
  routes.fleetAllocation,
  routes.fleetReuse,
  routes.orphans,
  routes.sources,
];

interface Listener {
  readonly host: string;
  readonly requests: { readonly url: string; readonly authorization: string | undefined }[];
  readonly close: () => Promise<void>;
}

/** A server that does as told, and remembers who asked with which credential. */
async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const requests: Listener['requests'] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

const opened: Listener[] = [];
const open = async (answer: Parameters<typeof listen>[0]) => {
  const listener = await listen(answer);
  opened.push(listener);
  return listener;
};
let portal: Portal | undefined;
let logged: string[];

afterEach(async () => {
  await portal?.stop();
  portal = undefined;
  for (const each of opened.splice(0)) await each.close();
});

const start = async (host: string, image = `${host}/acme/mnist`, cluster = host) => {
  logged = [];
  const log = (...said: unknown[]) =>
    void logged.push(
      said
        .map(each => (each instanceof Error ? `${each.message} ${each.stack ?? ''}` : JSON.stringify(each)))
        .join(' '),
    );
  const logger = { info: log, warn: log, error: log, debug: log, child: () => logger };
  portal = await startPortal({
    entities: [modelEntity('mnist', image)],
    config: {
      registries: [{ host, username: 'portal', password: PASSWORD }],
      clusters: [{ name: 'test', url: `http://${cluster}`, serviceAccountToken: TOKEN }],
    },
    services: [createServiceFactory({ service: coreServices.logger, deps: {}, factory: () => logger })],
  });
  return portal;
};
/** Everything that the portal says to anybody. */
const said = async () => {
  const answers: unknown[] = [];
  for (const route of EVERY_READ) answers.push(await portal?.send(route));
  return JSON.stringify([answers, logged]);
};
const expectNoSecret = (text: string) => {
  for (const secret of [PASSWORD, BASIC, TOKEN]) expect(text).not.toContain(secret);
};

it.each([
  '169.254.169.254/latest/meta-data',
  'http://169.254.169.254/latest/meta-data',
  '[fd00:ec2::254]/latest/meta-data',
  'metadata.google.internal/computeMetadata/v1',
  'localhost:9/acme/mnist',
  'portal:secret@HOST/acme/mnist',
  'HOST/../../etc/passwd',
  'HOST/acme/../../other',
  'HOST/acme/%2e%2e/other',
  'HOST/acme/mnist?x=/v2/other',
  'HOST/acme/mnist#x',
  'HOST\\@169.254.169.254/acme/mnist',
])('asks nothing for the image annotation %s, and says why', async written => {
  const registry = await open((_, response) => response.writeHead(404).end());
  const cluster = await open((_, response) => response.writeHead(404).end());
  const { read } = await start(registry.host, written.replace('HOST', registry.host), cluster.host);
  const { model } = await read(routes.model(mnist), modelAnswer);
  expect(model.repositories).toEqual([]);
  expect(model.problems).toHaveLength(1);
  expect(registry.requests).toEqual([]);
});

it('takes no credential along to another host', async () => {
  const thief = await open((_, response) => response.writeHead(404).end());
  const registry = await open((request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
    } else response.writeHead(307, { location: `http://${thief.host}${request.url ?? ''}` }).end();
  });
  await start(registry.host);
  expect(registry.requests.some(({ authorization }) => authorization === `Basic ${BASIC}`)).toBe(true);
  expect(thief.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  expectNoSecret(await said());
});

it.each(['https://169.254.169.254/latest/meta-data', 'http://169.254.169.254/', 'https://[fe80::1]/v2/'])(
  'follows a registry to %s neither by a redirect nor for a token',
  async elsewhere => {
    const redirecting = await open((_, response) => response.writeHead(307, { location: elsewhere }).end());
    await start(redirecting.host);
    const answer = () => portal?.read(routes.model(mnist), modelAnswer);
    const messageOf = async () => (await answer())?.sources.find(({ kind }) => kind === 'registry')?.message;
    expect(await messageOf()).toContain(' points to ');
    await portal?.stop();
    const challenge = `Bearer realm="${elsewhere}",service="registry"`;
    const challenging = await open((_, response) =>
      response.writeHead(401, { 'www-authenticate': challenge }).end(),
    );
    await start(challenging.host);
    expect(await messageOf()).toContain(' points to ');
    expectNoSecret(await said());
  },
  30_000,
);

it('sends the password to no token service that the configuration does not name', async () => {
  const thief = await open((_, response) => response.writeHead(200).end('{"token":"t"}'));
  const registry = await open((_, response) =>
    response
      .writeHead(401, { 'www-authenticate': `Bearer realm="http://${thief.host}/token",service="registry"` })
      .end(),
  );
  await start(registry.host);
  expect(registry.requests.length).toBeGreaterThan(0);
  expect(thief.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  expectNoSecret(await said());
});

it.each([401, 403, 500])(
  'tells no secret where registry and cluster answer %i and repeat what they got',
  async status => {
    const echo = await open((request, response) => {
      const { authorization } = request.headers;
      if (authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
        return;
      }
      const [, secret = ''] = authorization.split(' ');
      const message = `no: ${authorization}, ${secret}, ${Buffer.from(secret, 'base64').toString()}`;
      response.writeHead(status, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          message,
          errors: [{ code: 'DENIED', message }],
        }),
      );
    });
    await start(echo.host);
    const given = echo.requests.map(({ authorization }) => authorization);
    expect(given).toEqual(expect.arrayContaining([`Bearer ${TOKEN}`, `Basic ${BASIC}`]));
    expectNoSecret(await said());
  },
  30_000,
);
