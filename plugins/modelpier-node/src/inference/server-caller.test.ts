import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { createServerCaller, isSilentHost, type ServerCaller } from './server-caller';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serve(answer: RequestListener): Promise<{ caller: ServerCaller; server: Server }> {
  const server = createServer(answer);
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address() as AddressInfo;
  const caller = createServerCaller(new URL(`http://127.0.0.1:${port}`));
  ends.push(() => {
    caller.close();
    server.close();
    server.closeAllConnections();
  });
  return { caller, server };
}

it('sends JSON as it is written, and reads an answer of any status as it was sent', async () => {
  const bodies: string[] = [];
  const { caller } = await serve((request, response) => {
    request.setEncoding('utf8').on('data', text => bodies.push(String(text)));
    request.on('end', () =>
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error": 9007199254740993}'),
    );
  });
  const body = '{"id":18446744073709551615}';
  const answer = await caller.callServer({ method: 'POST', path: '/v2/models/mnist/infer', body });
  expect(bodies).toEqual([body]);
  expect(answer).toMatchObject({ status: 400, text: '{"error": 9007199254740993}' });
});

it('reads no answer without end', async () => {
  const { caller } = await serve((_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024);
    response.on('error', () => undefined);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  });
  await expect(caller.callServer({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'too-large' });
});

it('tells a host that refuses from one that is silent', async () => {
  const { caller, server } = await serve(() => undefined);
  await new Promise(resolve => server.close(resolve));
  const refused: unknown = await caller
    .callServer({ method: 'GET', path: '/' })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'unreachable' });
  expect(isSilentHost(refused)).toBe(false);
  expect(isSilentHost(new ModelpierError('unreachable', 'x', { cause: { code: 'EHOSTUNREACH' } }))).toBe(
    true,
  );
});
