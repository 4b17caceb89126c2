import { OCI_INDEX, OCI_MANIFEST, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { jsonBytes, patientClock, pushImage } from '../../../../test/servers/registry/samples';
import type { Profile } from '../../../../test/servers/registry/profile';
import { withoutReferrers } from '../../../../test/servers/registry/profiles/without-referrers';
import { startRegistry } from '../../../../test/servers/registry/server';
import { anonymous } from './credential';
import { createRegistry } from './registry';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** An image, and a way to put what refers to it. */
async function stage(profile: Profile = {}) {
  const server = await startRegistry({ profile });
  const registry = createRegistry({ credentials: anonymous, clock: patientClock() });
  ends.push(
    () => server.close(),
    () => registry.close(),
  );
  const repository: Repository = { registry: server.host, path: 'acme/app' };
  const { digest, manifest, config } = await pushImage(registry, repository, 'v1');
  const subject = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
  const refer = (artifactType: string) => {
    const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: config.descriptor, layers: [] };
    const annotations = { 'org.example.kind': artifactType };
    const bytes = jsonBytes({ ...document, subject, artifactType, annotations });
    return registry.putReferrer(repository, { mediaType: OCI_MANIFEST, bytes });
  };
  return { server, registry, repository, digest, manifest, refer };
}

it.each([
  ['with the API', {}, false],
  ['without it', withoutReferrers(), true],
  ['that refuses the address', withoutReferrers(406), true],
])('lists what refers to an image in a registry %s', async (_, profile, hasTag) => {
  const { registry, repository, digest, refer } = await stage(profile);
  expect(await registry.listReferrers(repository, digest)).toEqual([]);
  const [report, bom] = [await refer('application/vnd.report'), await refer('application/vnd.sbom')];

  const all = await registry.listReferrers(repository, digest);
  const reports = await registry.listReferrers(repository, digest, {
    artifactType: 'application/vnd.report',
  });

  expect(all.map(referrer => referrer.digest)).toEqual([report, bom]);
  expect(reports).toMatchObject([
    {
      digest: report,
      artifactType: 'application/vnd.report',
      annotations: { 'org.example.kind': 'application/vnd.report' },
    },
  ]);
  const tag = await registry.headManifest(repository, digest.replace(':', '-'));
  expect(tag !== undefined).toBe(hasTag);
});

it('enters what refers to an image under the tag once', async () => {
  const { registry, repository, digest, refer } = await stage(withoutReferrers());
  await refer('application/vnd.report');
  await refer('application/vnd.report');
  expect(await registry.listReferrers(repository, digest)).toHaveLength(1);
});

it('takes a page that answers every address for no list', async () => {
  const { server, registry, repository, digest } = await stage();
  const headers = { 'content-type': 'text/html' };
  server.faults.inject({
    path: /referrers/,
    kind: 'answer',
    status: 200,
    headers,
    body: '<html>welcome</html>',
  });
  expect(await registry.listReferrers(repository, digest)).toEqual([]);
});

it('does not take the subject for its own list', async () => {
  const { server, registry, repository } = await stage(withoutReferrers());
  const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] };
  const { digest, manifest } = await pushImage(registry, repository, 'v2');
  const entry = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
  const bytes = jsonBytes({ ...document, manifests: [entry] });
  const subject = await registry.putManifest(repository, 'index', { mediaType: OCI_INDEX, bytes });
  // GitLab answers `manifests/sha256-<hex>` with the manifest `sha256:<hex>`.
  server.faults.inject({
    path: /manifests\/sha256-/,
    kind: 'answer',
    status: 200,
    headers: { 'content-type': OCI_INDEX, 'docker-content-digest': subject },
    body: Buffer.from(bytes).toString('utf8'),
  });
  expect(await registry.listReferrers(repository, subject)).toEqual([]);
});

it('reads every page of the list', async () => {
  const { server, registry, repository, digest, refer } = await stage();
  const report = await refer('application/vnd.report');
  const entry = { mediaType: OCI_MANIFEST, digest, size: 1 };
  const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] });
  const link = `</v2/acme/app/referrers/${digest}?page=2>; rel="next"`;
  const headers = { 'content-type': OCI_INDEX, link };
  server.faults.inject({ path: /referrers/, kind: 'answer', status: 200, headers, body });
  const found = await registry.listReferrers(repository, digest);
  expect(found.map(referrer => referrer.digest)).toEqual([digest, report]);
});

it('refuses to put what refers to nothing', async () => {
  const { registry, repository, manifest } = await stage();
  await expect(registry.putReferrer(repository, manifest)).rejects.toMatchObject({ code: 'invalid-input' });
});

it('says why it may not look', async () => {
  const { server, registry, repository, digest } = await stage();
  server.faults.inject({ path: /referrers/, kind: 'answer', status: 403 });
  await expect(registry.listReferrers(repository, digest)).rejects.toMatchObject({ code: 'forbidden' });
});
