import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { loadCluster } from '@modelpier/backstage-plugin-modelpier-node';
import { releaseTag, runBundle } from '../../examples/demo/run-action';
import { createIdentity, createNamespace, DEPLOYER } from './identities';
import { kubectl, kubectlJson } from './kubectl';
import { ADMIN_KUBECONFIG, KUBECTL, NAMESPACE, REGISTRY } from './real';
import { readRawManifest } from './registry-reader';

/** Manifests of one's own, on a real API server and beside a real kubectl. */
const FOLDER = join(__dirname, '../../.modelpier/e2e-manifests');
const WORKSPACE = join(FOLDER, 'workspace');
const REPOSITORY = `${REGISTRY}/k8s/pause`;
let digest: string;
let kubeconfig: string;

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(WORKSPACE, { recursive: true });
  await write('model.yaml', MODEL);
  digest = (await readRawManifest('k8s/pause', '3.2')).digest;
  const admin = await loadCluster({ kubeconfig: ADMIN_KUBECONFIG });
  await createNamespace(admin);
  const roles = [...DEPLOYER, 'modelpier-prune'];
  kubeconfig = await createIdentity(admin, { name: 'deployer', roles, folder: FOLDER });
  admin.close();
  // Beside the documented Roles: the kind that these manifests have of their own.
  const verbs = '--verb=get,list,watch,create,patch,delete';
  await kubectl('-n', NAMESPACE, 'create', 'role', 'own-kinds', verbs, '--resource=configmaps');
  const subject = `--serviceaccount=${NAMESPACE}:deployer`;
  await kubectl('-n', NAMESPACE, 'create', 'rolebinding', 'own-kinds', '--role=own-kinds', subject);
});

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: mnist-mlp, version: 1.0.0 }
spec: { format: other, files: [model.bin] }
`;

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(WORKSPACE, path)), { recursive: true });
  await writeFile(join(WORKSPACE, path), text);
}

/** As people write it: the tag of some release, which the digest takes the place of. */
const deployment = (name: string, spec = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  ${spec}
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: main
          image: ${REPOSITORY}:3.2
          resources: { requests: { cpu: 10m, memory: 16Mi } }
`;
const configMap = (name: string, data = '{ level: info }'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${data}\n`;

interface Deployed {
  readonly exitCode: number;
  readonly report: Report;
  readonly log: readonly string[];
}

async function deploy(manifests: string, inputs: Readonly<Record<string, string>> = {}): Promise<Deployed> {
  const log: string[] = [];
  const { exitCode, report } = await runBundle({
    bundle: join(__dirname, '../../dist/index.js'),
    workspace: WORKSPACE,
    folder: join(FOLDER, 'run'),
    // Real kubectl first, so that kustomize folders are rendered by the version of the cluster.
    github: {
      ...releaseTag('1.0.0'),
      PATH: [dirname(KUBECTL), process.env['PATH'] ?? ''].join(':'),
    },
    inputs: { mode: 'deploy', image: `${REPOSITORY}@${digest}`, manifests, kubeconfig, ...inputs },
    onLine: line => log.push(line),
  });
  if (report === undefined) throw new Error(log.join('\n'));
  return { exitCode, report, log };
}

interface LiveDeployment {
  readonly metadata: {
    readonly managedFields: readonly { readonly manager: string; readonly fieldsV1: { 'f:spec'?: object } }[];
  };
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}
const live = (name: string): Promise<LiveDeployment> =>
  kubectlJson<LiveDeployment>('-n', NAMESPACE, 'get', 'deployment', name);
const names = async (kind: string, ...options: readonly string[]): Promise<string> =>
  (await kubectl('-n', NAMESPACE, 'get', kind, ...options, '-o', 'name')).trim();

it('deploys a kustomize folder with the digest in it', async () => {
  await write('base/kustomization.yaml', 'resources: [api.yaml]\n');
  await write('base/api.yaml', deployment('api'));
  await write('overlay/kustomization.yaml', 'namePrefix: staging-\nbases: [../base]\n');
  const { report } = await deploy('overlay');
  expect(report.deployment).toMatchObject({ status: 'healthy', namespace: NAMESPACE });
  const { spec } = await live('staging-api');
  expect(spec.template.spec.containers).toMatchObject([{ image: `${REPOSITORY}@${digest}` }]);
});

it('takes over what kubectl apply made, and what its own manifests leave out goes', async () => {
  await write('adopt.yaml', deployment('adopted', 'minReadySeconds: 1'));
  await kubectl('-n', NAMESPACE, 'apply', '-f', join(WORKSPACE, 'adopt.yaml'));
  await write('adopt.yaml', deployment('adopted', 'revisionHistoryLimit: 3'));
  const { report } = await deploy('adopt.yaml');
  expect(report.deployment?.status).toBe('healthy');
  const { metadata, spec } = await live('adopted');
  expect(metadata.managedFields.map(({ manager }) => manager)).not.toContain('kubectl-client-side-apply');
  expect(spec).not.toHaveProperty('minReadySeconds');
  expect(spec).toMatchObject({ revisionHistoryLimit: 3 });
});

it('stops at what was edited by hand, names who and what, and puts it back where told to', async () => {
  await write('drift.yaml', deployment('drift', 'minReadySeconds: 0\n  revisionHistoryLimit: 4'));
  await deploy('drift.yaml');
  const patch = '{"spec":{"revisionHistoryLimit":7}}';
  await kubectl('-n', NAMESPACE, 'patch', 'deployment', 'drift', '-p', patch);
  const { exitCode, report, log } = await deploy('drift.yaml');
  expect(exitCode).toBe(1);
  expect(report.failure).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(
      /"kubectl-patch" owns \.spec\.revisionHistoryLimit \(drift\.yaml:7\); nothing was applied/,
    ) as string,
    hint: expect.stringContaining('force-conflicts: true') as string,
  });
  expect(log.join('\n')).toMatch(/::error [^\n]*file=drift\.yaml,line=7/);
  expect(await live('drift')).toMatchObject({ spec: { revisionHistoryLimit: 7 } });
  const forced = await deploy('drift.yaml', { 'force-conflicts': 'true' });
  expect(forced.exitCode).toBe(0);
  expect(await live('drift')).toMatchObject({ spec: { revisionHistoryLimit: 4 } });
});

it('changes nothing in a dry run', async () => {
  await write('dry.yaml', `${deployment('dry')}---\n${configMap('dry')}`);
  const { exitCode, report } = await deploy('dry.yaml', { 'dry-run': 'true' });
  expect(exitCode).toBe(0);
  expect(report.deployment).toMatchObject({
    status: 'planned',
    objects: [{ action: 'created' }, { action: 'created' }],
  });
  expect(await names('deployment,configmap')).not.toContain('/dry');
});

it('does not wait where nobody wants a verdict', async () => {
  await write('late.yaml', deployment('late', 'minReadySeconds: 60'));
  const { exitCode, report } = await deploy('late.yaml', { wait: 'false' });
  expect(exitCode).toBe(0);
  expect(report.deployment).toMatchObject({ status: 'applied', objects: [{ action: 'created' }] });
  await kubectl('-n', NAMESPACE, 'delete', 'deployment', 'late');
});

it('applies nothing where a kind is not served, and says what is', async () => {
  await write(
    'unserved.yaml',
    `${deployment('unserved')}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: unserved }\n`,
  );
  const { report, log } = await deploy('unserved.yaml');
  expect(report.failure).toMatchObject({
    code: 'not-served',
    message: expect.stringMatching(
      /does not serve HorizontalPodAutoscaler of autoscaling\/v2; .*autoscaling\/v1.*nothing was applied/,
    ) as string,
  });
  expect(log.join('\n')).toMatch(/::error [^\n]*file=unserved\.yaml,line=16/);
  expect(await names('deployment')).not.toContain('unserved');
});

it('applies nothing where the namespace is forbidden', async () => {
  await write('forbidden.yaml', deployment('forbidden'));
  const { report } = await deploy('forbidden.yaml', { namespace: 'default' });
  expect(report.failure?.code).toBe('forbidden');
  expect(await kubectl('-n', 'default', 'get', 'deployments', '-o', 'name')).not.toContain('forbidden');
});

it('prunes what a healthy release leaves behind, and tells of it in a dry run before', async () => {
  const prune = { prune: 'true' };
  await write('set.yaml', `${deployment('set')}---\n${configMap('kept')}---\n${configMap('left')}`);
  expect((await deploy('set.yaml', prune)).report.deployment?.status).toBe('healthy');
  await write('set.yaml', `${deployment('set')}---\n${configMap('kept')}`);
  const planned = await deploy('set.yaml', { ...prune, 'dry-run': 'true' });
  const pruned = { ref: { kind: 'ConfigMap', name: 'left' }, action: 'pruned' };
  expect(planned.report.deployment?.objects.at(-1)).toMatchObject(pruned);
  expect(await names('configmap')).toContain('configmap/left');

  const { exitCode, report } = await deploy('set.yaml', prune);
  expect(exitCode).toBe(0);
  expect(report.deployment?.objects.at(-1)).toMatchObject(pruned);
  expect(await names('configmap')).not.toContain('configmap/left');
  const parent = await kubectlJson<{ metadata: { labels: object; annotations: object } }>(
    ...['-n', NAMESPACE, 'get', 'configmap', 'modelpier-applyset-mnist-mlp'],
  );
  expect(parent.metadata.annotations).toMatchObject({
    'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps',
  });
  const [id = ''] = Object.values(parent.metadata.labels) as string[];
  expect(await names('deployment,configmap', '-l', `applyset.kubernetes.io/part-of=${id}`)).toBe(
    'deployment.apps/set\nconfigmap/kept',
  );
});

it('hands replicas over to an autoscaler without a pod less in between', async () => {
  await write('scaled.yaml', deployment('scaled', 'replicas: 2'));
  await deploy('scaled.yaml');
  const pods = await names('pods', '-l', 'app=scaled');
  const autoscaler =
    'apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: { name: scaled }\nspec:\n' +
    '  { minReplicas: 2, maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: scaled } }\n';
  await write('scaled.yaml', `${deployment('scaled')}---\n${autoscaler}`);
  const { exitCode } = await deploy('scaled.yaml', { timeout: '30s' });
  expect(exitCode).toBe(0);
  const { metadata, spec } = await live('scaled');
  expect(spec.replicas).toBe(2);
  expect(
    metadata.managedFields
      .filter(({ fieldsV1 }) => 'f:replicas' in (fieldsV1['f:spec'] ?? {}))
      .map(({ manager }) => manager),
  ).toEqual(['handover-to-hpa']);
  expect(await names('pods', '-l', 'app=scaled')).toBe(pods);
  expect((await deploy('scaled.yaml', { timeout: '30s' })).report.deployment?.status).toBe('unchanged');
});
