import type { Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { patientClock, pushImage } from '../../test/servers/registry/samples';
import { startRegistry } from '../../test/servers/registry/server';
import { attachProvenance } from './attach-provenance';
import type { Run } from './main';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

it('keeps the first bundle of a repository, whatever another repository lacks', async () => {
  const server = await startRegistry();
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  ends.push(
    () => server.close(),
    () => registry.close(),
  );
  const repository: Repository = { registry: server.host, path: 'acme/digits' };
  const { digest, manifest } = await pushImage(registry, repository, 'v1');
  const root = { mediaType: manifest.mediaType, digest, size: manifest.bytes.byteLength };
  const run = { ports: { registry }, inputs: { safety: {} } } as unknown as Run;
  const attach = (bundle: object | undefined) =>
    attachProvenance(run, { repository, root, statement: Buffer.from('{}'), bundle });

  const first = await attach({ from: 'the first run' });
  expect(await attach({ from: 'the second run' })).toEqual(first);
  expect(await attach(undefined)).toEqual(first);
  expect(await registry.listReferrers(repository, digest)).toHaveLength(1);
});
