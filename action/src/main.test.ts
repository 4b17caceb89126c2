import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { outputsOf } from './github/outputs';
import { deploymentStateOf } from './report/deployment-state';
import { imageOf, objectsOf, onStage, type Stage } from './rollout/deploy.fixture';
import { runOnCluster } from './run.fixture';

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

/** One run with `mode: deploy`, and what it reports. */
async function deploy({ cluster }: Stage, digit: string): Promise<Report> {
  const workspace = await mkdtemp(join(tmpdir(), 'modelpier-main-'));
  await writeFile(join(workspace, 'model.yaml'), MODEL);
  const list = { apiVersion: 'v1', kind: 'List', items: objectsOf(digit) };
  await writeFile(join(workspace, 'objects.yaml'), JSON.stringify(list));
  const { path, registry: host, digest } = imageOf(digit);
  const inputs = { mode: 'deploy', image: `${host}/${path}@${digest}`, manifests: 'objects.yaml' };
  const recorder = await runOnCluster({ inputs, workspace, cluster, holder: `run ${digit}` });
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
