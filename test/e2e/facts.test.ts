import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { type ActionResult, releaseTag, runBundle } from '../../examples/demo/run-action';
import { pushBase } from '../servers/registry/base-images';
import { REGISTRY, REPOSITORY_PATH } from './real';

/** What a model's files say of it, kept by a real registry and compared with what the next version's say. */
const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'), 'index.js');
const MODELS = join(__dirname, '../fixtures/models/clean');
const registry = createRegistry({ credentials: anonymous });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelpier-facts-'));
  await mkdir(join(folder, 'workspace'));
  await writeFile(
    join(folder, 'workspace/model.yaml'),
    'apiVersion: modelpier.io/v1\nkind: Model\nmetadata: { name: facts }\nspec: { files: [model.onnx] }\n',
  );
});
afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

async function run(mode: 'build' | 'plan', model: string): Promise<ActionResult> {
  const base = { registry: REGISTRY, path: `${dirname(REPOSITORY_PATH)}/facts-base` };
  const { digest } = await pushBase(registry, base);
  await copyFile(join(MODELS, model), join(folder, 'workspace/model.onnx'));
  return runBundle({
    bundle: BUNDLE,
    workspace: join(folder, 'workspace'),
    folder: join(folder, 'step'),
    github: releaseTag('1.0.0'),
    inputs: {
      mode,
      images: `${REGISTRY}/${dirname(REPOSITORY_PATH)}/facts`,
      'base-image': `${REGISTRY}/${base.path}@${digest}`,
    },
    onLine: () => undefined,
    signal: AbortSignal.timeout(120_000),
  });
}

it('marks in the plan what breaks callers of the version that the registry has', async () => {
  const built = await run('build', 'perceptron.onnx');
  expect(built.report?.image?.changes).toBeUndefined();
  expect((await run('plan', 'perceptron.onnx')).report?.image?.changes ?? []).toEqual([]);

  const { report, summary } = await run('plan', 'recurrent.onnx');

  const changes = report?.image?.changes ?? [];
  expect(changes).toContainEqual({
    what: 'signature',
    isBreaking: true,
    text: 'input input: FP32 became INT64',
  });
  expect(report?.warnings.join()).toContain('breaks callers of the version before');
  expect(summary).toContain('**breaking:**');
});
