import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { randomBytes } from 'node:crypto';
import { blobOf } from '../../../../test/servers/registry/samples';
import { type RegistryServer, startRegistry } from '../../../../test/servers/registry/server';
import { anonymous } from './credential';
import { createRegistry } from './registry';

const MEBIBYTE = 1024 * 1024;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(): Promise<RegistryServer> {
  const server = await startRegistry();
  ends.push(() => server.close());
  return server;
}

function client() {
  const registry = createRegistry({ credentials: anonymous });
  ends.push(() => registry.close());
  return registry;
}

const repositoryOf = ({ host }: RegistryServer): Repository => ({ registry: host, path: 'acme/app' });

it('goes before its digest is known, which is named at the end', async () => {
  const server = await start();
  const blob = blobOf(randomBytes(MEBIBYTE));
  const { size, digest } = blob.descriptor;
  let sent: (bytes: number) => void = () => undefined;
  const allSent = new Promise<number>(resolve => (sent = resolve));
  const source = {
    descriptor: { size, digest: allSent.then(() => digest) },
    open: async function* (offset: number) {
      yield* blob.open(offset);
      sent(size);
    },
  };

  await client().uploadBlob(repositoryOf(server), source);

  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PUT']);
  expect(await client().hasBlob(repositoryOf(server), digest)).toBe(true);
});

it('is done with a chunk when it asks for the next', async () => {
  const server = await start();
  const chunks = Array.from({ length: 24 }, (_, at) => Buffer.alloc(MEBIBYTE, at));
  const { descriptor } = blobOf(Buffer.concat(chunks));
  const two = [Buffer.alloc(MEBIBYTE), Buffer.alloc(MEBIBYTE)] as const;
  const open = async function* () {
    for (const [at, chunk] of chunks.entries()) {
      const buffer = two[at % 2 === 0 ? 0 : 1];
      chunk.copy(buffer);
      yield buffer;
    }
    await Promise.resolve();
  };

  // The registry compares the digest.
  await client().uploadBlob(repositoryOf(server), { descriptor, open });

  expect(await client().hasBlob(repositoryOf(server), descriptor.digest)).toBe(true);
});

it('is not ended where its digest cannot be computed', async () => {
  const server = await start();
  const blob = blobOf(randomBytes(1000));
  const source = {
    descriptor: { size: 1000, digest: Promise.reject(new Error('the file changed')) },
    open: (offset: number) => blob.open(offset),
  };
  source.descriptor.digest.catch(() => undefined);

  await expect(client().uploadBlob(repositoryOf(server), source)).rejects.toThrow('the file changed');

  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH']);
});
