import {
  emptyLedger,
  IMAGE_VERSION,
  isIndex,
  LEDGER_KEY,
  ledgerLabels,
  ledgerName,
  OCI_EMPTY,
  OCI_MANIFEST,
  parseReference,
  parseRepository,
  type ReleaseRecord,
  renderLedger,
} from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, copyImage, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { blobOf, jsonBytes } from '../servers/registry/samples';
import { BASE_IMAGE, NAMESPACE, REGISTRY, REPOSITORY_PATH } from './real';

export const MODEL = 'collected';
export const PATH = `${REPOSITORY_PATH}-${MODEL}`;
export const VERSIONS = ['0.1.0', '0.2.0'];
export const SIGNATURE = 'application/vnd.dev.cosign.artifact.sig.v1+json';
const REPOSITORY = parseRepository(`${REGISTRY}/${PATH}`);

/**
 * Two versions that differ in a label alone, `latest`, and a signature of the second. It is in their configs:
 * a node takes two manifests with one config for one image, and tells either of their digests.
 */
export async function pushVersions(): Promise<void> {
  const registry = createRegistry({ credentials: anonymous });
  try {
    const base = parseReference(BASE_IMAGE);
    const from = { registry: base.registry, path: base.path };
    const tagOrDigest = base.digest ?? base.tag ?? 'latest';
    const { digest } = await copyImage(registry, { from, tagOrDigest, to: REPOSITORY, tags: [] });
    const { document } = await registry.getManifest(REPOSITORY, digest);
    if (isIndex(document)) throw new Error(`${BASE_IMAGE} is an index`);
    const settings = JSON.parse(
      Buffer.from(await registry.readBlob(REPOSITORY, document.config)).toString('utf8'),
    ) as { readonly config: object };
    for (const version of VERSIONS) {
      const labelled = { ...settings.config, Labels: { [IMAGE_VERSION]: version } };
      const config = blobOf(jsonBytes({ ...settings, config: labelled }), document.config.mediaType);
      await registry.uploadBlob(REPOSITORY, config);
      const manifest = { ...document, mediaType: OCI_MANIFEST, config: config.descriptor };
      const bytes = jsonBytes(manifest);
      await registry.putManifest(REPOSITORY, version, { mediaType: OCI_MANIFEST, bytes });
      await registry.putManifest(REPOSITORY, 'latest', { mediaType: OCI_MANIFEST, bytes });
    }
    const signed = await registry.headManifest(REPOSITORY, VERSIONS[1] ?? '');
    const empty = blobOf(jsonBytes({}), OCI_EMPTY);
    await registry.uploadBlob(REPOSITORY, empty);
    const signature = {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: SIGNATURE,
      config: empty.descriptor,
      layers: [empty.descriptor],
      subject: signed,
    };
    await registry.putReferrer(REPOSITORY, { mediaType: OCI_MANIFEST, bytes: jsonBytes(signature) });
  } finally {
    await registry.close();
  }
}

const release = (
  id: string,
  version: string,
  over: Pick<ReleaseRecord, 'image'> & Partial<ReleaseRecord>,
): ReleaseRecord => ({
  id,
  version,
  startedAt: '2026-09-01T09:00:00Z',
  finishedAt: '2026-09-01T09:01:00Z',
  verdict: 'healthy',
  actor: 'ada',
  ...over,
});

const REQUESTS = { cpu: '10m', memory: '16Mi' };
const LIMITS = { cpu: '200m', memory: '64Mi' };

interface Sample {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  readonly model: string;
  readonly replicas: number;
  readonly image: string;
}

function workload({ kind, name, model, replicas, image }: Sample) {
  const container = {
    name: 'model',
    image,
    command: ['python3', '-m', 'http.server', '8080'],
    resources: { requests: REQUESTS, limits: LIMITS },
    readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
  };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: NAMESPACE, labels: { 'modelpier.io/model': model } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      ...(kind === 'StatefulSet' && { serviceName: name }),
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [container] },
      },
    },
  };
}

/** The Deployment runs 0.2.0, while its ledger says that 0.1.0 was released. */
export const collectedObjects = (imageOf: (version: string) => string): readonly object[] => [
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'collected', namespace: NAMESPACE },
    spec: { hard: { 'requests.cpu': '500m', 'requests.memory': '1Gi', pods: '20' } },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: ledgerName(MODEL), namespace: NAMESPACE, labels: ledgerLabels(MODEL) },
    data: {
      [LEDGER_KEY]: renderLedger({
        ...emptyLedger(MODEL),
        releases: [
          release('r2', '0.1.0', {
            image: imageOf('0.1.0'),
            startedAt: '2026-09-02T09:00:00Z',
            finishedAt: '2026-09-02T09:01:00Z',
          }),
          release('r1', '0.2.0', { image: imageOf('0.2.0'), verdict: 'failed', reason: 'ImagePullBackOff' }),
        ],
      }),
    },
  },
  workload({ kind: 'Deployment', name: MODEL, model: MODEL, replicas: 2, image: imageOf('0.2.0') }),
  workload({ kind: 'StatefulSet', name: `${MODEL}-set`, model: MODEL, replicas: 1, image: imageOf('0.1.0') }),
  workload({ kind: 'Deployment', name: 'stray', model: 'nobody', replicas: 0, image: imageOf('0.1.0') }),
  {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: MODEL, namespace: NAMESPACE },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: MODEL },
      minReplicas: 2,
      maxReplicas: 3,
    },
  },
];
