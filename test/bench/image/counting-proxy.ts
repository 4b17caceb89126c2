import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** What passed on the way to a registry. */
export interface Traffic {
  readonly requests: readonly string[];
  /** Of layers and configs. */
  readonly blobBytes: number;
}

interface CountingProxy {
  readonly host: string;
  /** What passed since it was asked last. */
  take(): Traffic;
  close(): Promise<void>;
}

/** Stands before the registry and counts; a client takes it for the registry itself. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let requests: string[] = [];
  let blobBytes = 0;
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = incoming;
    requests.push(`${method} ${url}`);
    const isBlob = url.includes('/blobs/');
    incoming.on('data', (chunk: Uint8Array) => (blobBytes += isBlob ? chunk.length : 0));
    // The `Host` goes through, so that the addresses in the registry's answers lead here again.
    const forwarded = request(`http://${target}${url}`, { method, headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      forwarded.once('response', resolve);
      forwarded.once('error', reject);
    });
    const [answer] = await Promise.all([answered, pipeline(incoming, forwarded)]);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    take: () => {
      const traffic = { requests, blobBytes };
      requests = [];
      blobBytes = 0;
      return traffic;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
