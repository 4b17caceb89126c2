import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { outputsOf } from './github/outputs';
import { readContext } from './github/context';
import { readInputs } from './inputs/inputs';
import { runAction } from './main';
import { deploymentStateOf } from './report/deployment-state';
import { Recorder } from './report/recorder';
import { fastClock, imageOf, objectsOf, onStage, type Stage } from './rollout/deploy.fixture';

jest.setTimeout(30_000);

const MODEL = `apiVersion: modelpier.io/v1
kind: Model
metadata: { name: mnist, version: 1.0.0 }
spec:
  format: torchscript
  files: [model.pt]
  runtime: { image: registry.test/runtime:1, port: 8080 }
  resources: { cpu: 100m, memory: 64Mi }
`;

const nothing = (): void => undefined;
const silent = {
  phase: <T>(_: string, work: () => Promise<T>): Promise<T> => work(),
  build: nothing,
  rollout: nothing,
  text: nothing,
  note: nothing,
  failure: nothing,
  deploying: () => Promise.resolve(),
};
const unused = (): Promise<never> => Promise.reject(new Error('a deploy builds nothing'));

/** One run with `mode: deploy`, and what it reports. */
async function deploy({ cluster }: Stage, digit: string): Promise<Report> {
  const workspace = await mkdtemp(join(tmpdir(), 'modelpier-main-'));
  await writeFile(join(workspace, 'model.yaml'), MODEL);
  const list = { apiVersion: 'v1', kind: 'List', items: objectsOf(digit) };
  await writeFile(join(workspace, 'objects.yaml'), JSON.stringify(list));
  const { path, registry: host, digest } = imageOf(digit);
  const inputs = { mode: 'deploy', image: `${host}/${path}@${digest}`, manifests: 'objects.yaml' };
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const context = readContext(
    { GITHUB_EVENT_NAME: 'push', GITHUB_WORKSPACE: workspace },
    { cwd: workspace, tmp: workspace },
  );
  const recorder = new Recorder({ mode: 'deploy', startedAt: new Date(0), run: {} });
  const registry = createRegistry({ credentials: anonymous });
  try {
    await runAction({
      inputs: readInputs(Object.fromEntries(given) as Record<string, string>, context),
      context,
      recorder,
      ports: {
        registry,
        machine: {
          run: unused,
          temporaryFolder: workspace,
          dockerConfigFolder: workspace,
          credentials: anonymous,
          isPlain: () => true,
        },
        hasCluster: true,
        connect: () => Promise.resolve(cluster),
        clock: fastClock,
        holder: `run ${digit}`,
        onRecorded: nothing,
        renderFolder: unused,
        commitTime: unused,
        workflowRun: () => {
          throw new Error('a deploy proves nothing');
        },
        tell: silent,
        signal: new AbortController().signal,
      },
    });
  } catch (error) {
    recorder.failure(error);
  }
  await registry.close();
  await rm(workspace, { recursive: true });
  return recorder.report(new Date(1000));
}

it('tells GitHub of the way back from an apply that ended in the middle', () =>
  onStage({}, async stage => {
    expect((await deploy(stage, 'a')).failure).toBeUndefined();
    stage.server.faults.plant({
      method: 'PATCH',
      url: /deployments\/mnist\?(?!.*dryRun)/,
      times: 1,
      status: 403,
      message: 'denied by a webhook',
    });
    const report = await deploy(stage, 'b');
    expect(report.failure?.message).toMatch(/denied by a webhook/);
    expect(outputsOf(report)).toMatchObject({
      'deployment-status': 'rolled-back',
      'rolled-back-to': '1.0.0',
    });
    expect(deploymentStateOf(report)).toBe('failure');
  }));
