import {
  DEPLOYED_AT_ANNOTATION,
  type Descriptor,
  emptyLedger,
  ENVIRONMENT_ANNOTATION,
  IMAGE_FACTS,
  IMAGE_METRICS,
  IMAGE_MODEL,
  IMAGE_REVISION,
  IMAGE_SCAN,
  IMAGE_SOURCE,
  IMAGE_VERSION,
  LAYER_FILES,
  LAYER_KIND,
  LEDGER_KEY,
  ledgerLabels,
  ledgerName,
  OCI_EMPTY,
  OCI_MANIFEST,
  type ReleaseRecord,
  renderLedger,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { type Portal, startPortal } from '../../examples/demo/portal';
import { PortalClient } from '../../examples/demo/portal-client';
import { layerBytes, pinned, pushSample, sampleDeployment } from '../portal/release';
import { startWorld } from '../portal/world';
import { type GithubServer, startGithub } from '../servers/github/server';
import { blobOf, jsonBytes } from '../servers/registry/samples';

const ROOT = join(__dirname, '../..');
export const FOLDER = join(ROOT, '.modelpier/e2e-actions');
const PORT = 7209;
const TOKEN = 'ghp_0123456789abcdefSECRET';
const HOUR = 3_600_000;
const LONG = 'a-model-with-a-name-that-takes-all-of-sixty-three-characters-ok';

const VERSIONS = ['1.0.0', '1.1.0', '1.2.0'] as const;
const ENVIRONMENTS = ['staging', 'production'];
type Name = (typeof VERSIONS)[number];

export interface ActionsWorld {
  readonly portal: Portal;
  readonly github: GithubServer;
  readonly digests: Readonly<Record<Name, string>>;
  /** Writes into the ledger what a run would. */
  record(release: Partial<ReleaseRecord> & { readonly id: string; readonly version: Name }): Promise<void>;
  close(): Promise<void>;
}

/** A model with three versions, of which staging and production run one each; a registry, a cluster and GitHub in this process. */
export async function startActionsWorld(now: Date): Promise<ActionsWorld> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const world = await startWorld();
  const github = await startGithub({ token: TOKEN });
  const repository = { registry: world.registry.host, path: 'acme/mnist-mlp' };
  const images = {} as Record<Name, Descriptor>;
  for (const version of VERSIONS)
    images[version] = await pushSample(world.client, repository, imageOf(version), version);
  await attachProofs(world.client, repository, images['1.2.0']);

  const ledger = (releases: readonly ReleaseRecord[]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: ledgerName('mnist-mlp'),
      namespace: 'apps',
      labels: { ...ledgerLabels('mnist-mlp') },
    },
    data: { [LEDGER_KEY]: renderLedger({ ...emptyLedger('mnist-mlp'), releases: [...releases] }) },
  });
  const recordOf = (release: Parameters<ActionsWorld['record']>[0]): ReleaseRecord => ({
    image: pinned(repository, images[release.version].digest),
    environment: 'production',
    actor: 'ada',
    startedAt: now.toISOString(),
    verdict: 'healthy',
    ...release,
  });
  const releases = VERSIONS.map((version, index) =>
    recordOf({
      id: `2026030${index + 1}t120000-3fa9`,
      version,
      startedAt: new Date(now.getTime() - (VERSIONS.length - index) * 24 * HOUR).toISOString(),
      golden: { verdict: 'passed', cases: 12, p95Ms: 4.1, coldStartMs: 3200 },
      manifests: { secret: `modelpier-release-${index}`, digest: `sha256:${index}` },
    }),
  ).reverse();
  world.cluster.create(ledger(releases));
  for (const environment of ENVIRONMENTS)
    world.cluster.create(deploymentOf(environment, pinned(repository, images['1.2.0'].digest), now));
  await world.settled();

  const catalog = join(FOLDER, 'catalog-info.yaml');
  const image = `${repository.registry}/${repository.path}`;
  await writeFile(
    catalog,
    [
      entityOf('mnist-mlp', { image, owner: 'guests' }),
      entityOf('others-model', { image, owner: 'others' }),
      entityOf(LONG, { image, owner: 'guests' }),
    ]
      .map(each => stringify(each))
      .join('---\n'),
  );
  const config = join(FOLDER, 'app-config.yaml');
  await writeFile(
    config,
    stringify({
      integrations: { github: [{ host: 'github.com', apiBaseUrl: github.url, token: TOKEN }] },
      modelpier: {
        clusters: [{ name: 'harbor', url: world.cluster.url }],
        workflowRepositories: ['github.com/acme/*'],
        schedule: { frequency: { seconds: 5 }, timeout: { seconds: 30 }, initialDelay: { seconds: 3 } },
      },
    }),
  );
  const portal = await startPortal({
    root: ROOT,
    port: PORT,
    registry: world.registry.host,
    kubeconfig: join(FOLDER, 'none'),
    catalog,
    logFile: join(FOLDER, 'portal.log'),
    args: ['--config', config],
    environment: { PORTAL_BACKEND: 'packages/backend/src/owners-release.ts' },
  });
  await collected(portal.url);
  return {
    portal,
    github,
    digests: {
      '1.0.0': images['1.0.0'].digest,
      '1.1.0': images['1.1.0'].digest,
      '1.2.0': images['1.2.0'].digest,
    },
    record: async release => {
      releases.unshift(recordOf(release));
      const path = `/api/v1/namespaces/apps/configmaps/${ledgerName('mnist-mlp')}`;
      const answer = await fetch(`${world.cluster.url}${path}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ledger(releases)),
      });
      if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
    },
    close: async () => {
      await portal.close();
      await github.close();
      await world.close();
    },
  };
}

/** The first collection follows the first reading of the catalog. */
async function collected(url: string): Promise<void> {
  const client = new PortalClient(url);
  const isShown = async () => {
    const { items } = await client.versions(ENTITY);
    const { items: running } = await client.deployments(ENTITY);
    const isAsked = items.every(({ referrers }) => referrers !== undefined);
    return items.length === VERSIONS.length && isAsked && running.length === ENVIRONMENTS.length;
  };
  for (let tries = 0; !(await isShown().catch(() => false)); tries += 1) {
    if (tries === 60) throw new Error(`the portal does not show all; its log is in ${FOLDER}`);
    await sleep(1000);
  }
}

const ENTITY = { kind: 'component', namespace: 'default', name: 'mnist-mlp' };

const tensor = (name: string, size: number) => ({ name, datatype: 'FP32', shape: [-1, size] });

const imageOf = (version: Name) => ({
  layers: [
    { bytes: layerBytes('base', 40_000), annotations: { [LAYER_KIND]: 'base' } },
    {
      bytes: layerBytes(`weights ${version}`, 4000),
      annotations: { [LAYER_KIND]: 'weights', [LAYER_FILES]: '["models/mnist-mlp/model.pt"]' },
    },
  ],
  annotations: {
    [IMAGE_VERSION]: version,
    [IMAGE_MODEL]: 'mnist-mlp',
    [IMAGE_REVISION]: '9f2c41d07a1be03f5f8a6f7c5a9b1d2e3f405162',
    [IMAGE_SOURCE]: 'https://github.com/acme/mnist-mlp',
    [IMAGE_METRICS]: JSON.stringify({ accuracy: version === '1.0.0' ? 0.9739 : 0.9806 }),
    ...(version !== '1.0.0' && { [IMAGE_SCAN]: 'executable-format' }),
    [IMAGE_FACTS]: JSON.stringify({
      format: 'torchscript',
      producer: 'pytorch 1.13.1',
      inputs: [tensor(version === '1.0.0' ? 'image' : 'x', 784)],
      outputs: [tensor('logits', 10)],
      parameters: 101_770,
      tensors: 4,
      datatypes: { FP32: 101_770 },
      sizeBytes: 4000,
    }),
  },
});

/** A signature and an SBOM, as the registry lists them. */
async function attachProofs(
  client: Parameters<typeof pushSample>[0],
  repository: Repository,
  subject: Descriptor,
): Promise<void> {
  const config = blobOf(Buffer.from('{}'), OCI_EMPTY);
  await client.uploadBlob(repository, config);
  for (const artifactType of [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    'application/vnd.cyclonedx+json',
  ]) {
    const bytes = jsonBytes({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType,
      config: config.descriptor,
      layers: [config.descriptor],
      subject,
    });
    await client.putManifest(repository, blobOf(bytes).descriptor.digest, { mediaType: OCI_MANIFEST, bytes });
  }
}

function deploymentOf(environment: string, image: string, now: Date) {
  return sampleDeployment({
    name: `mnist-mlp-${environment}`,
    model: 'mnist-mlp',
    image,
    replicas: 2,
    annotations: {
      [ENVIRONMENT_ANNOTATION]: environment,
      [DEPLOYED_AT_ANNOTATION]: new Date(now.getTime() - HOUR).toISOString(),
    },
  });
}

const entityOf = (name: string, { image, owner }: { image: string; owner: string }) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    annotations: {
      'modelpier.io/image': image,
      'modelpier.io/rollback-workflow': 'rollback.yml',
      'modelpier.io/promote-workflow': 'promote.yml@main',
      'github.com/project-slug': 'acme/mnist-mlp',
      'backstage.io/kubernetes-label-selector': 'modelpier.io/model=mnist-mlp',
    },
  },
  spec: { type: 'ml-model', lifecycle: 'production', owner },
});
