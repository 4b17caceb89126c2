import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Cause,
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
import { deployObjects } from '../../action/src/rollout/deploy';
import type { DeployOptions } from '../../action/src/rollout/deploy-options';
import { rolloutFailure } from '../../action/src/rollout/failure';
import { prepareRollout } from '../../action/src/rollout/prepare';
import { rollOut } from '../../action/src/rollout/roll-out';
import { createIdentity, createNamespace, DEPLOYER } from './identities';
import { kubectl } from './kubectl';
import { ADMIN_KUBECONFIG, NAMESPACE, REGISTRY } from './real';

/** What a real kubelet, scheduler and API server say of a failure, read with the rights that the docs name. */
const FOLDER = join(__dirname, '../../.modelpier/e2e-evidence');
const MANIFEST =
  'application/vnd.docker.distribution.manifest.v2+json,application/vnd.oci.image.manifest.v1+json';

let deployer: ClusterClient;
/** With the optional right to see nodes and the pods on them. */
let seer: ClusterClient;
/** Holds a shell and Python. */
let image: Reference;

beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  const admin = await loadCluster({ kubeconfig: ADMIN_KUBECONFIG });
  await createNamespace(admin);
  const identity = async (name: string, roles: readonly string[]): Promise<ClusterClient> =>
    loadCluster({ kubeconfig: await createIdentity(admin, { name, roles, folder: FOLDER }) });
  deployer = await identity('deployer', DEPLOYER);
  seer = await identity('seer', [...DEPLOYER, 'modelpier-fit-nodes']);
  admin.close();
  const answer = await fetch(`http://${REGISTRY}/v2/runtime/torch/manifests/bookworm`, {
    method: 'HEAD',
    headers: { accept: MANIFEST },
  });
  image = parseReference(`${REGISTRY}/runtime/torch@${answer.headers.get('docker-content-digest') ?? ''}`);
});

afterAll(async () => {
  await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false');
  deployer.close();
  seer.close();
});

type Fields = Record<string, unknown>;

const python = (code: string): Fields => ({ command: ['python3', '-S', '-c', code] });
const SERVE = 'import http.server as s; s.HTTPServer(("", 8080), s.SimpleHTTPRequestHandler).serve_forever()';
const TRACEBACK =
  'print("loading")\ndef load(path): raise FileNotFoundError(2, "No such file", path)\nload("/models/mnist/model.pt")';

const deployment = (name: string, container: Fields, spec: Fields = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    progressDeadlineSeconds: 60,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'model',
            image: `${REGISTRY}/runtime/torch@${image.digest ?? ''}`,
            resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
            ...container,
          },
        ],
      },
    },
    ...spec,
  },
});

/** What a release knows beside the cluster: as of a model of 3.1 GiB with generated manifests. */
const optionsFor = (object: KubernetesObject): DeployOptions => ({
  cluster: deployer,
  objects: [object],
  image,
  clock: systemClock,
  known: { isGenerated: true, modelBytes: 3_328_599_654 },
  timeoutMs: 120_000,
});

async function rollout(
  object: KubernetesObject,
  over: Partial<DeployOptions> = {},
): Promise<ReportedDeployment> {
  const options = { ...optionsFor(object), ...over };
  return told(object, rollOut(await prepareRollout(options), options));
}

/** With a ledger, whose rights are for this model alone. */
const release = (object: KubernetesObject, version: string): Promise<ReportedDeployment> =>
  told(
    object,
    deployObjects({
      ...optionsFor(object),
      rollback: 'on-failure',
      runFacts: { model: 'mnist-mlp', version, image: 'e2e', deployedAt: '2026-03-01T12:00:00Z' },
    }),
  );

async function told(
  { metadata: { name } }: KubernetesObject,
  deploying: Promise<ReportedDeployment>,
): Promise<ReportedDeployment> {
  const beganAt = systemClock.now();
  const deployed = await deploying;
  const why = deployed.diagnosis?.map(
    each => `\n      ${each.cause}: ${each.explanation}\n      -> ${each.fix}`,
  );
  process.stdout.write(
    `    ${name}: ${deployed.status} after ${systemClock.now() - beganAt} ms${why?.join('') ?? ''}\n`,
  );
  return deployed;
}

interface Failure {
  readonly name: string;
  readonly container: () => Fields;
  readonly spec?: Fields;
  readonly cause: Cause;
  readonly explanation: RegExp;
  readonly fix: RegExp;
}

const FAILURES: readonly Failure[] = [
  {
    name: 'out-of-memory',
    container: () => python('x = bytearray(300 * 2**20)'),
    cause: 'out-of-memory',
    explanation: /was killed at its memory limit 64Mi .*; the model's files are 3\.1 GiB$/,
    fix: /^raise `spec\.resources\.memory` to 7Gi$/,
  },
  {
    name: 'crash-loop',
    container: () => python(TRACEBACK),
    cause: 'crash',
    explanation: /exit code 1 .*: FileNotFoundError: \[Errno 2\] No such file: '\/models\/mnist\/model\.pt'$/,
    fix: /target-path/,
  },
  {
    name: 'wrong-tag',
    container: () => ({ image: `${REGISTRY}/runtime/torch:nosuch` }),
    cause: 'image-not-found',
    explanation: /runtime\/torch:nosuch cannot be pulled, the registry does not have it/,
    fix: /nobody deleted it/,
  },
  {
    name: 'never-ready',
    container: () => ({
      ...python(SERVE),
      ports: [{ containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/', port: 8081 }, periodSeconds: 1 },
    }),
    spec: { progressDeadlineSeconds: 12 },
    cause: 'probe',
    explanation: /GET \/ on port 8081: nothing listens on port 8081; the container declares 8080$/,
    fix: /readinessProbe\.httpGet\.port/,
  },
  {
    name: 'missing-secret',
    container: () => ({
      env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'nosuch', key: 'token' } } }],
    }),
    cause: 'missing-object',
    explanation: /needs Secret nosuch, which is not there$/,
    fix: /^create Secret nosuch/,
  },
  {
    name: 'too-large',
    container: () => ({ resources: { requests: { cpu: '64', memory: '16Mi' } } }),
    cause: 'unschedulable',
    explanation: /it asks for 64 CPU \(0\/1 nodes are available: 1 Insufficient cpu\)$/,
    fix: /^lower `spec\.resources\.cpu`/,
  },
  {
    name: 'bad-command',
    container: () => ({ command: ['/nosuch/serve'] }),
    cause: 'bad-command',
    explanation: /its command \/nosuch\/serve is not in the image$/,
    fix: /entrypoint/,
  },
];

let failed: ReadonlyMap<string, ReportedDeployment>;

const failureOf = (name: string): ReportedDeployment => {
  const deployed = failed.get(name);
  if (deployed === undefined) throw new Error(`${name} was not released`);
  return deployed;
};

it('tells every failure', async () => {
  const verdicts = await Promise.all(
    FAILURES.map(
      async ({ name, container, spec }) =>
        [name, await rollout(deployment(name, container(), spec))] as const,
    ),
  );
  failed = new Map(verdicts);
  expect(verdicts.map(([, { status }]) => status)).toEqual(FAILURES.map(() => 'failed'));
});

it.each(FAILURES.map(failure => [failure.name, failure] as const))(
  'diagnoses %s',
  (name, { cause, explanation, fix }) => {
    const deployed = failureOf(name);
    const [first, ...others] = deployed.diagnosis ?? [];
    expect(others).toEqual([]);
    expect(first?.cause).toBe(cause);
    expect(first?.explanation).toMatch(explanation);
    expect(first?.fix).toMatch(fix);
    expect(rolloutFailure(deployed).message).toContain(first?.explanation);
  },
);

it('holds what the containers said and what the cluster did', () => {
  const { evidence } = failureOf('crash-loop');
  expect(evidence?.gaps).toEqual([]);
  const logs = evidence?.pods[0]?.containers.flatMap(({ log = [], previousLog = [] }) => [
    ...log,
    ...previousLog,
  ]);
  expect(logs).toEqual(expect.arrayContaining(['loading', 'Traceback (most recent call last):']));
  expect(evidence?.events).toContainEqual(
    expect.objectContaining({ reason: 'BackOff', type: 'Warning' }) as unknown,
  );
});

it('says what the identity may not see', () => {
  expect(failureOf('too-large').evidence?.gaps).toEqual([
    expect.stringMatching(/^nodes could not be read: the identity has no right to/) as string,
    expect.stringMatching(
      /^pods of all namespaces could not be read: the identity has no right to/,
    ) as string,
  ]);
});

it('is there before the rollback undoes it, and the ledger keeps it short', async () => {
  const healthy = await release(deployment('mnist-mlp', python(SERVE)), '1.0.0');
  expect(healthy).toMatchObject({ status: 'healthy' });
  expect(healthy.evidence).toBeUndefined();
  const back = await release(deployment('mnist-mlp', python('x = bytearray(300 * 2**20)')), '1.1.0');
  expect(back).toMatchObject({
    status: 'rolled-back',
    rollback: { to: { version: '1.0.0' } },
    diagnosis: [{ cause: 'out-of-memory' }],
    evidence: { pods: [{ containers: [{ limits: { memory: '64Mi' } }] }] },
  });
  const ledger = await kubectl(
    '-n',
    NAMESPACE,
    'get',
    'configmap',
    'modelpier-ledger-mnist-mlp',
    '-o',
    'json',
  );
  expect(ledger).toContain('was killed at its memory limit 64Mi');
  expect(ledger).toContain('raise `spec.resources.memory` to 7Gi');
});

it('says how much room the nodes have, to whom may see it', async () => {
  const large = { resources: { requests: { cpu: '10m', memory: '11Gi' } }, ...python(SERVE) };
  const { diagnosis } = await rollout(deployment('no-room', large, { replicas: 2 }), { cluster: seer });
  await kubectl('-n', NAMESPACE, 'delete', 'deployment', 'no-room', '--wait=false');
  expect(diagnosis).toMatchObject([{ cause: 'unschedulable' }]);
  expect(diagnosis?.[0]?.explanation).toMatch(
    /it asks for 11 GiB of memory; most is free on node1: [\d.]+ GiB of 19\.3 GiB, which is [\d.]+ [GM]iB short$/,
  );
  expect(diagnosis?.[0]?.fix).toMatch(
    /^lower `spec\.resources\.memory` to at most \d+Mi, or add a larger node$/,
  );
});

it('says what a quota allows, what is used and what was asked', async () => {
  await kubectl('-n', NAMESPACE, 'create', 'quota', 'team', '--hard=requests.memory=1Mi');
  const { diagnosis } = await rollout(deployment('quota', python(SERVE)));
  expect(diagnosis).toMatchObject([{ cause: 'quota', object: { kind: 'Deployment', name: 'quota' } }]);
  expect(diagnosis?.[0]?.explanation).toMatch(
    /quota team would be exceeded: it allows 1Mi of requests\.memory, \d+Mi is used and one pod asks for 16Mi$/,
  );
  expect(diagnosis?.[0]?.fix).toMatch(/^lower `spec\.resources\.memory`.*quota raised$/);
});
