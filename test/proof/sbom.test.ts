import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyFiles, openStage, readReport, type Stage, startStep } from '../faults/step';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function build(more: Readonly<Record<string, string>>) {
  await emptyFiles(stage);
  const { exitCode, output } = await startStep(stage, { more: { INPUT_MODE: 'build', ...more } }).ended;
  if (exitCode !== 0) throw new Error(output);
  return readReport(stage);
}

it('attaches the SBOM before any tag names the image, and leaves its digest as it is', async () => {
  const { registry, repository, server, folder } = stage;
  const plain = await build({ INPUT_TAGS: 'plain' });
  server.requests.length = 0;

  const { image, proof } = await build({ INPUT_SBOM: 'true' });

  expect(image?.digest).toBe(plain.image?.digest);
  const [referrer] = await registry.listReferrers(repository, image!.digest);
  expect(referrer?.artifactType).toBe('application/vnd.cyclonedx+json');
  expect(proof?.sbom?.attached).toEqual([`${server.host}/acme/digits@${referrer!.digest}`]);
  const puts = server.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'));
  expect(puts.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).slice(-3)).toEqual([
    referrer!.digest,
    '1.0.0',
    'latest',
  ]);
  const { document } = await registry.getManifest(repository, referrer!.digest);
  const [layer] = 'layers' in document ? document.layers : [];
  const path = join(folder, 'modelpier-sbom.cdx.json');
  expect(Buffer.from(await registry.readBlob(repository, layer!))).toEqual(await readFile(path));
  expect(await readFile(join(folder, 'output'), 'utf8')).toContain(path);
});

it('attaches the same SBOM once', async () => {
  await build({ INPUT_SBOM: 'true' });
  stage.server.requests.length = 0;
  await build({ INPUT_SBOM: 'true' });
  expect(stage.server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});

it('writes the SBOM without a push, and sends nothing', async () => {
  const { proof } = await build({ INPUT_SBOM: 'true', INPUT_PUSH: 'false' });
  expect(proof?.sbom).toMatchObject({ attached: [] });
  expect(JSON.parse(await readFile(proof!.sbom!.path, 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX' });
  expect(stage.server.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});
