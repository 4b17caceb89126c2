import {
  parseReference,
  type Reference,
  type ReportedDeployment,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  type ClusterClient,
  type KubernetesObject,
  loadCluster,
  systemClock,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { DeployOptions } from '../../action/src/rollout/deploy-options';
import { prepareRollout } from '../../action/src/rollout/prepare';
import { rollOut } from '../../action/src/rollout/roll-out';
import { kubectl } from './kubectl';
import { ADMIN_KUBECONFIG, REGISTRY } from './real';

/** Verdicts on real controllers and a real kubelet, for each kind that makes pods. */
const NAMESPACE = 'modelpier-health';
const MANIFEST =
  'application/vnd.docker.distribution.manifest.v2+json,application/vnd.oci.image.manifest.v1+json';
/** A crash loop has to be told within this of its apply. */
const CRASH_LIMIT_MS = 60_000;

let cluster: ClusterClient;
/** Holds a shell and Python. */
let image: Reference;

beforeAll(async () => {
  cluster = await loadCluster({ kubeconfig: ADMIN_KUBECONFIG, namespace: NAMESPACE });
  await cleanUp();
  await kubectl('create', 'namespace', NAMESPACE);
  const answer = await fetch(`http://${REGISTRY}/v2/runtime/torch/manifests/bookworm`, {
    method: 'HEAD',
    headers: { accept: MANIFEST },
  });
  image = parseReference(`${REGISTRY}/runtime/torch@${answer.headers.get('docker-content-digest') ?? ''}`);
});

afterAll(async () => {
  await cleanUp();
  cluster.close();
});

async function cleanUp(): Promise<void> {
  await kubectl('delete', 'crd', 'dials.health.modelpier.test', '--ignore-not-found');
  await kubectl('delete', 'storageclass', 'modelpier-health-late', '--ignore-not-found');
  await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found');
}

type Fields = Record<string, unknown>;
const httpGet = { path: '/', port: 8080 };
/** Answers after a moment, as a server does. */
const SERVE = 'sleep 1; cd /usr/share && exec python3 -m http.server 8080';

const template = (name: string, command: string, container: Fields = {}, pod: Fields = {}): Fields => ({
  metadata: { labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'model',
        image: `${REGISTRY}/runtime/torch@${image.digest ?? ''}`,
        command: ['/bin/sh', '-c', command],
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
        ...container,
      },
    ],
    ...pod,
  },
});

const workload = (kind: string, name: string, spec: Fields): KubernetesObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name },
  spec: kind === 'Job' ? spec : { selector: { matchLabels: { app: name } }, ...spec },
});

const service = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] },
});

const readinessProbe = { httpGet, periodSeconds: 1 };

interface Verdict {
  readonly deployed: ReportedDeployment;
  /** From the call to the verdict. */
  readonly tookMs: number;
}

async function release(
  objects: readonly KubernetesObject[],
  over: Partial<DeployOptions> = {},
): Promise<Verdict> {
  const beganAt = systemClock.now();
  const options: DeployOptions = {
    cluster,
    objects,
    image,
    namespace: NAMESPACE,
    clock: systemClock,
    onEvent: ({ atMs, object, status }) =>
      process.stdout.write(
        `    ${atMs} ms ${object.kind}/${object.name} ${status.state} ${status.reason}: ${status.message}\n`,
      ),
    ...over,
  };
  const deployed = await rollOut(await prepareRollout(options), options);
  return { deployed, tookMs: systemClock.now() - beganAt };
}

const statusOf = ({ deployed }: Verdict, kind: string): unknown =>
  deployed.objects.find(({ ref }) => ref.kind === kind)?.status;

async function remove(kind: string, name: string): Promise<void> {
  await kubectl('-n', NAMESPACE, 'delete', kind, name, '--ignore-not-found', '--wait=false');
}

it('tells the verdict within a second of kubectl, and only where the Service leads to the new pods', async () => {
  const objects = (round: number): KubernetesObject[] => [
    service('even'),
    workload('Deployment', 'even', {
      replicas: 2,
      template: template('even', `: ${round}; ${SERVE}`, { readinessProbe }),
    }),
  ];
  for (let round = 1; round <= 4; round += 1) {
    let kubectlAt = NaN;
    let asked: Promise<void> | undefined;
    const verdict = await release(objects(round), {
      onEvent: () => {
        asked ??= kubectl('-n', NAMESPACE, 'rollout', 'status', 'deployment/even').then(() => {
          kubectlAt = systemClock.now();
        });
      },
    });
    const toldAt = systemClock.now();
    await asked;
    process.stdout.write(`    round ${round}: ${toldAt - kubectlAt} ms after kubectl rollout status\n`);
    expect(verdict.deployed.status).toBe('healthy');
    expect(statusOf(verdict, 'Service')).toMatchObject({ state: 'Current' });
    expect(toldAt - kubectlAt).toBeLessThan(1_000);
  }
  await remove('deployment', 'even');
});

it('watches pods for 5 s that nobody asked whether they are ready', async () => {
  const dies = workload('Deployment', 'mute', { template: template('mute', 'sleep 1; exit 7') });
  const verdict = await release([dies]);
  expect(verdict.deployed.status).toBe('failed');
  expect(statusOf(verdict, 'Deployment')).toMatchObject({ reason: 'CrashLoopBackOff' });
  await remove('deployment', 'mute');
});

it('tells a crash loop of a server that dies after 8 s within a minute', async () => {
  const slow = workload('Deployment', 'slow', {
    template: template('slow', 'sleep 8; echo "cannot serve the model: $(date)" >&2; exit 1', {
      readinessProbe,
      terminationMessagePolicy: 'FallbackToLogsOnError',
    }),
  });
  const verdict = await release([slow]);
  process.stdout.write(`    told after ${verdict.tookMs} ms\n`);
  expect(statusOf(verdict, 'Deployment')).toMatchObject({
    state: 'Failed',
    reason: 'CrashLoopBackOff',
    message: expect.stringContaining('cannot serve the model') as string,
  });
  expect(verdict.tookMs).toBeLessThan(CRASH_LIMIT_MS);
  await remove('deployment', 'slow');
});

it('lets a server be that comes up at its second start', async () => {
  const once = 'if [ -e /shared/tried ]; then ' + `${SERVE}; else touch /shared/tried; exit 1; fi`;
  const container = { readinessProbe, volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };
  const pod = { volumes: [{ name: 'shared', emptyDir: {} }] };
  const second = workload('Deployment', 'second', { template: template('second', once, container, pod) });
  expect((await release([second])).deployed.status).toBe('healthy');
  await remove('deployment', 'second');
});

it('judges a StatefulSet: pod by pod, and by the pods of its new revision', async () => {
  const set = (command: string): KubernetesObject =>
    workload('StatefulSet', 'set', {
      serviceName: 'set',
      replicas: 2,
      template: template('set', command, { readinessProbe }),
    });
  const well = await release([set(SERVE)]);
  expect(well.deployed).toMatchObject({ status: 'healthy', replicas: { ready: 2, desired: 2 } });
  const broken = await release([set('exit 3')]);
  expect(statusOf(broken, 'StatefulSet')).toMatchObject({ state: 'Failed', reason: 'CrashLoopBackOff' });
  expect(broken.tookMs).toBeLessThan(CRASH_LIMIT_MS);
  await remove('statefulset', 'set');
});

it('judges a DaemonSet, by the pods of its newest template', async () => {
  const set = (command: string): KubernetesObject =>
    workload('DaemonSet', 'daemon', { template: template('daemon', command, { readinessProbe }) });
  const well = await release([set(SERVE)]);
  expect(well.deployed).toMatchObject({ status: 'healthy', replicas: { ready: 1, desired: 1 } });
  const broken = await release([set('exec /no/such/program')]);
  expect(statusOf(broken, 'DaemonSet')).toMatchObject({ state: 'Failed', reason: 'CrashLoopBackOff' });
  await remove('daemonset', 'daemon');
});

it('waits for a Job to end, and fails with it', async () => {
  const job = (name: string, command: string): KubernetesObject =>
    workload('Job', name, {
      backoffLimit: 0,
      template: template(name, command, {}, { restartPolicy: 'Never' }),
    });
  const well = await release([job('works', 'sleep 4')]);
  expect(well.deployed.status).toBe('healthy');
  expect(well.tookMs).toBeGreaterThan(4_000);
  const broken = await release([job('fails', 'sleep 1; exit 4')]);
  expect(statusOf(broken, 'Job')).toMatchObject({ state: 'Failed', reason: 'BackoffLimitExceeded' });
  await remove('job', 'works');
  await remove('job', 'fails');
});

it('ends at the deadline of the cluster for a probe that never passes, and is not misled by it afterwards', async () => {
  const never = (path: string): KubernetesObject =>
    workload('Deployment', 'never', {
      progressDeadlineSeconds: 12,
      template: template('never', SERVE, {
        readinessProbe: { httpGet: { path, port: 8080 }, periodSeconds: 1 },
      }),
    });
  const broken = await release([never('/nothing')]);
  expect(statusOf(broken, 'Deployment')).toMatchObject({
    state: 'Failed',
    reason: 'ProgressDeadlineExceeded',
    message: expect.stringContaining('running, not ready') as string,
  });
  expect((await release([never('/')])).deployed.status).toBe('healthy');
  await remove('deployment', 'never');
});

it('says which quota is exceeded', async () => {
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none' },
    spec: { hard: { 'count/pods': '0' } },
  };
  await release([quota]);
  const refused = await release([
    workload('Deployment', 'refused', { template: template('refused', SERVE) }),
  ]);
  expect(statusOf(refused, 'Deployment')).toMatchObject({
    state: 'Failed',
    reason: 'FailedCreate',
    message: expect.stringContaining('exceeded quota: none') as string,
  });
  await remove('deployment', 'refused');
  await remove('resourcequota', 'none');
});

it('does not wait for a claim that waits for its pod, whether the class or an event says so', async () => {
  const late = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'modelpier-health-late' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'cache' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'modelpier-health-late',
      resources: { requests: { storage: '1Mi' } },
    },
  };
  await release([late]);
  const verdict = await release([claim], { timeoutMs: 30_000 });
  expect(statusOf(verdict, 'PersistentVolumeClaim')).toMatchObject({
    state: 'Current',
    reason: 'WaitForFirstConsumer',
  });
});

// No object of the kind: any custom resource crashes the API server of test/cluster (see its README).
it('waits for a definition until the cluster serves its kind', async () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'dials.health.modelpier.test' },
    spec: {
      group: 'health.modelpier.test',
      scope: 'Namespaced',
      names: { plural: 'dials', kind: 'Dial' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
  const verdict = await release([definition]);
  expect(verdict.deployed).toMatchObject({
    status: 'healthy',
    objects: [{ ref: { kind: 'CustomResourceDefinition' }, status: { reason: 'Established' } }],
  });
  expect(await kubectl('-n', NAMESPACE, 'get', 'dials')).toBe('');
});
