import { OCI_MANIFEST } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { digestOf, jsonBytes, pushImage } from './samples';
import { type RegistryServer, startRegistry } from './server';

let server: RegistryServer;
beforeEach(async () => {
  server = await startRegistry();
});
afterEach(() => server.close());

const at = (path: string) => `${server.url}/v2/${path}`;

async function beginUpload(): Promise<string> {
  const response = await fetch(at('acme/app/blobs/uploads/'), { method: 'POST' });
  return `${server.url}${response.headers.get('location') ?? ''}`;
}

it('says what protocol it speaks', async () => {
  const response = await fetch(at(''));
  expect(response.status).toBe(200);
  expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
});

it('takes a whole blob with one POST', async () => {
  const body = Buffer.from('all of it');
  const digest = digestOf(body);
  const posted = await fetch(at(`acme/app/blobs/uploads/?digest=${digest}`), { method: 'POST', body });
  expect(posted.status).toBe(201);
  const read = await fetch(at(`acme/app/blobs/${digest}`), { headers: { range: 'bytes=4-' } });
  expect([read.status, await read.text()]).toEqual([206, 'of it']);
});

it('takes chunks in order only, and says how far it is', async () => {
  const upload = await beginUpload();
  const send = (range: string, body: string) =>
    fetch(upload, { method: 'PATCH', body, headers: { 'content-range': range } });
  expect((await send('0-4', 'hello')).status).toBe(202);
  const tooFar = await send('9-13', 'world');
  expect([tooFar.status, tooFar.headers.get('range')]).toEqual([416, '0-4']);
  expect((await send('5-9', 'world')).status).toBe(202);
  const status = await fetch(upload);
  expect([status.status, status.headers.get('range')]).toEqual([204, '0-9']);
  const digest = digestOf(Buffer.from('helloworld'));
  expect((await fetch(`${upload}?digest=${digest}`, { method: 'PUT' })).status).toBe(201);
});

it('forgets an upload that is given up', async () => {
  const upload = await beginUpload();
  expect((await fetch(upload, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(upload)).status).toBe(404);
});

it('lists what refers to an image, of one type where asked', async () => {
  const registry = createRegistry({ credentials: anonymous });
  const repository = { registry: server.host, path: 'acme/app' };
  const { digest, manifest, config } = await pushImage(registry, repository, 'v1');
  const subject = { mediaType: OCI_MANIFEST, digest, size: manifest.bytes.byteLength };
  const put = async (artifactType: string) => {
    const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, artifactType, subject };
    const bytes = jsonBytes({ ...document, config: config.descriptor, layers: [] });
    return registry.putManifest(repository, digestOf(bytes), { mediaType: OCI_MANIFEST, bytes });
  };
  const [report] = [await put('application/vnd.report'), await put('application/vnd.sbom')];
  await registry.close();

  const list = async (query: string) => (await fetch(at(`acme/app/referrers/${digest}${query}`))).json();

  expect(await list('')).toMatchObject({ manifests: { length: 2 } });
  expect(await list('?artifactType=application/vnd.report')).toMatchObject({
    manifests: [{ digest: report, artifactType: 'application/vnd.report' }],
  });
});

it('removes a tag, and with its manifest all tags of it', async () => {
  const registry = createRegistry({ credentials: anonymous });
  const repository = { registry: server.host, path: 'acme/app' };
  const { manifest, digest } = await pushImage(registry, repository, 'v1');
  await registry.putManifest(repository, 'v2', manifest);
  const remove = (name: string) => fetch(at(`acme/app/manifests/${name}`), { method: 'DELETE' });
  expect((await remove('v1')).status).toBe(202);
  expect(await registry.headManifest(repository, 'v1')).toBeUndefined();
  expect(await registry.headManifest(repository, 'v2')).toMatchObject({ digest });
  await remove(digest);
  expect(await registry.headManifest(repository, 'v2')).toBeUndefined();
  await registry.close();
});
