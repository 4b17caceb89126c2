import { OCI_MANIFEST, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import type { Profile } from '../../../../test/servers/registry/profile';
import { withoutReferrers } from '../../../../test/servers/registry/profiles/without-referrers';
import { patientClock, pushImage } from '../../../../test/servers/registry/samples';
import { startRegistry } from '../../../../test/servers/registry/server';
import { attachDocument } from './attach-document';
import { anonymous } from './credential';
import { createRegistry } from './registry';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function stage(profile: Profile) {
  const server = await startRegistry({ profile });
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  ends.push(
    () => server.close(),
    () => registry.close(),
  );
  const repository: Repository = { registry: server.host, path: 'acme/app' };
  const { digest, manifest } = await pushImage(registry, repository, 'v1');
  const subject = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
  return { server, registry, repository, subject };
}

const REPORT = { artifactType: 'application/vnd.report', bytes: Buffer.from('{"is":"good"}') };

it.each([
  ['with the API', {}],
  ['without it', withoutReferrers()],
])('keeps a document beside an image in a registry %s', async (_, profile) => {
  const { registry, repository, subject } = await stage(profile);

  const referrer = await attachDocument(registry, repository, { subject, document: REPORT });

  const listed = await registry.listReferrers(repository, subject.digest);
  expect(listed).toMatchObject([{ digest: referrer, artifactType: 'application/vnd.report' }]);
  const { document } = await registry.getManifest(repository, referrer);
  expect(document).toMatchObject({ subject, config: { mediaType: 'application/vnd.oci.empty.v1+json' } });
  const [layer] = 'layers' in document ? document.layers : [];
  expect(Buffer.from(await registry.readBlob(repository, layer!)).toString('utf8')).toBe('{"is":"good"}');
  expect((await registry.headManifest(repository, 'v1'))?.digest).toBe(subject.digest);
});

it('sends a document once', async () => {
  const { server, registry, repository, subject } = await stage({});
  const first = await attachDocument(registry, repository, { subject, document: REPORT });
  server.requests.length = 0;

  expect(await attachDocument(registry, repository, { subject, document: REPORT })).toBe(first);

  expect(server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});
