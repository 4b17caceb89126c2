import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportedDeployment } from '@modelpier/backstage-plugin-modelpier-common';
import { loadCluster } from '@modelpier/backstage-plugin-modelpier-node';
import type { Recorder } from '../../action/src/report/recorder';
import { runOnCluster } from '../../action/src/run.fixture';
import { deployerOf, startKubernetes } from '../servers/kubernetes';
import { type AccessRule, verbOf } from '../servers/kubernetes/api/access';
import { parseTarget } from '../servers/kubernetes/api/route';
import type { Listen } from '../servers/kubernetes/api/subresource';
import type { RunContainer } from '../servers/kubernetes/controllers/outcome';

export interface DeployStep {
  /** One hex digit, of which the image's digest is made; that of `f` crashes. Without one it is a rollback. */
  readonly image?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** By an administrator, to have something there before. */
  readonly isSetUp?: boolean;
}

export interface Scenario {
  readonly spec?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly steps: readonly DeployStep[];
}

export const NAMESPACE = 'models';
export const MODEL = 'mnist-mlp';
const imageOf = (digit: string): string => `registry.test/acme/${MODEL}@sha256:${digit.repeat(64)}`;

const modelFile = (spec = ''): string => `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: ${MODEL}, version: 1.0.0 }
spec:
  format: torchscript
  files: [model.pt]
  runtime: { image: registry.test/runtime:1, port: 8080 }
  resources: { cpu: 100m, memory: 64Mi }
${spec}`;

const runOrCrash: RunContainer = ({ image }) =>
  Promise.resolve(
    image.endsWith('f'.repeat(64))
      ? { kind: 'crashed', imageId: image, exitCode: 1, log: 'cannot serve the model\n' }
      : { kind: 'running', imageId: image },
  );

export interface Played {
  /** Of each step how it went. */
  readonly told: readonly string[];
  /** `list pods`, by whomever. */
  readonly asked: readonly string[];
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v2/health/ready': { live: true, ready: true },
  [`/v2/models/${MODEL}/ready`]: { name: MODEL, ready: true },
  [`/v2/models/${MODEL}`]: { name: MODEL, versions: ['1.0.0'], platform: 'any', inputs: [], outputs: [] },
};
const answer: Listen = (_pod, { path, body }) => {
  if (path === `/v2/models/${MODEL}/infer`)
    return { status: 200, json: { outputs: (body as { readonly inputs: unknown }).inputs } };
  return path in ANSWERS ? { status: 200, json: ANSWERS[path] } : { status: 404, json: {} };
};

/** The right that a request takes; discovery takes none. */
function rightOf({ method, url }: { readonly method: string; readonly url: string }): string {
  const { pathname, searchParams } = new URL(url, 'http://cluster.test');
  try {
    const target = parseTarget(pathname);
    return `${verbOf(method, target, searchParams)} ${target.resource.plural}`;
  } catch {
    return method;
  }
}

/** Runs `mode: deploy` step by step with these rights. */
export async function playDeploys(
  { spec, files = {}, steps }: Scenario,
  rules: readonly AccessRule[],
): Promise<Played> {
  const user = { name: 'deployer', rules };
  const admin = { ...deployerOf(NAMESPACE), rules: [{ resources: ['*'], verbs: ['*'] }] };
  const server = await startKubernetes({
    namespaces: [NAMESPACE],
    access: { user, admin },
    runContainer: runOrCrash,
    listen: answer,
  });
  const workspace = await mkdtemp(join(tmpdir(), 'modelpier-rights-'));
  try {
    await writeFile(join(workspace, 'model.yaml'), modelFile(spec));
    for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text);
    const told: string[] = [];
    const asked = server.faults.requests;
    for (const step of steps) {
      const kubeconfig = server.kubeconfig(step.isSetUp === true ? 'admin' : 'user', NAMESPACE);
      told.push(await playDeploy(step, { workspace, kubeconfig }));
    }
    return { told, asked: asked.map(rightOf) };
  } finally {
    await server.close();
    await rm(workspace, { recursive: true });
  }
}

interface Place {
  readonly workspace: string;
  readonly kubeconfig: string;
}

async function playDeploy(
  { image, inputs = {}, isSetUp = false }: DeployStep,
  { workspace, kubeconfig }: Place,
): Promise<string> {
  const mode = image === undefined ? { mode: 'rollback' } : { mode: 'deploy', image: imageOf(image) };
  const cluster = await loadCluster({ kubeconfig });
  try {
    const given = { ...mode, timeout: '60s', ...inputs };
    const holder = `run of ${JSON.stringify({ image, inputs, isSetUp })}`;
    return tell(await runOnCluster({ inputs: given, workspace, cluster, holder }));
  } finally {
    cluster.close();
  }
}

/** How it ended and what was not to be had, without what differs from run to run. */
function tell(recorder: Recorder): string {
  const { failure, deployment, warnings } = recorder.report(new Date(0));
  return JSON.stringify({ failure: failure?.code, warnings, ...(deployment && detailsOf(deployment)) });
}

function detailsOf(deployment: ReportedDeployment): object {
  const { status, previousImage, rollback, diagnosis, evidence, fit, timeline } = deployment;
  return {
    status,
    previousImage,
    rollback: rollback?.outcome,
    diagnosis: diagnosis?.length,
    hasEvents: evidence !== undefined && evidence.events.length > 0,
    gaps: evidence?.gaps,
    fit,
    golden: deployment.golden?.verdict,
    isModelAsked: !JSON.stringify(timeline).includes('was not asked'),
  };
}
