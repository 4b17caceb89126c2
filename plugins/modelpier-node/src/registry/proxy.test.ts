import { createServer } from 'node:http';
import { connect } from 'node:net';
import { pushImage } from '../../../../test/servers/registry/samples';
import { startRegistry } from '../../../../test/servers/registry/server';
import { anonymous } from './credential';
import { proxyOf } from './proxy';
import { createRegistry } from './registry';

it('takes the lower-case variables first, as curl does', () => {
  const environment = {
    https_proxy: 'http://a',
    HTTPS_PROXY: 'http://b',
    HTTP_PROXY: 'http://c',
    NO_PROXY: 'd',
  };
  expect(proxyOf(environment)).toEqual({ https: 'http://a', http: 'http://c', except: 'd' });
});

it('goes through the proxy, but not to loopback', async () => {
  const server = await startRegistry();
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', (request, client) => {
    asked.push(request.url);
    const upstream = connect(Number(server.host.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const registry = createRegistry({
    credentials: anonymous,
    insecureRegistries: ['registry.invalid:5000'],
    proxy: proxyOf({ http_proxy: `http://127.0.0.1:${port}` }),
  });

  const { digest } = await pushImage(registry, { registry: server.host, path: 'acme/app' }, 'v1');
  expect(asked).toEqual([]);
  const head = await registry.headManifest({ registry: 'registry.invalid:5000', path: 'acme/app' }, 'v1');

  expect(head).toMatchObject({ digest });
  expect(asked).toEqual(['registry.invalid:5000']);
  await registry.close();
  proxy.close();
  await server.close();
});
