import { cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One push to the example repository, as the action would see it. */
export interface DemoRelease {
  readonly version: string;
  readonly title: string;
  /** Changes the workspace, which begins as the release before left it. */
  prepare(workspace: string): Promise<void>;
  readonly outcome: 'healthy' | 'rolled-back';
  /** Over and above those of every release. */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Four releases: the first, only code, only weights, and one that must not take the service down. */
export const releasesOf = (example: string): readonly DemoRelease[] => [
  {
    version: '1.0.0',
    title: 'first release',
    prepare: async workspace => {
      await rm(workspace, { recursive: true, force: true });
      await mkdir(workspace, { recursive: true });
      for (const file of ['model.yaml', 'model.pt']) await cp(join(example, file), join(workspace, file));
      await writeFile(join(workspace, 'labels.py'), 'LABELS = "0123456789"\n');
    },
    outcome: 'healthy',
  },
  {
    version: '1.0.1',
    title: 'a change of code, the same weights',
    prepare: workspace =>
      writeFile(join(workspace, 'labels.py'), 'LABELS = [str(digit) for digit in range(10)]\n'),
    outcome: 'healthy',
  },
  {
    version: '1.1.0',
    title: 'new weights',
    prepare: workspace => retrain(example, workspace),
    outcome: 'healthy',
  },
  {
    version: '1.2.0',
    title: 'a model file that was cut off on its way',
    prepare: workspace => truncate(join(workspace, 'model.pt'), 100_000),
    outcome: 'rolled-back',
    // The scan would stop it before it is pushed; here it is the cluster that has to.
    inputs: { scan: 'warn' },
  },
];

/** The weights that were trained a second time, with the metrics that were measured on them. */
async function retrain(example: string, workspace: string): Promise<void> {
  const retrained = join(example, 'releases/retrained');
  await cp(join(retrained, 'model.pt'), join(workspace, 'model.pt'));
  const { metrics } = JSON.parse(await readFile(join(retrained, 'metrics.json'), 'utf8')) as {
    readonly metrics: { readonly accuracy: number; readonly test_loss: number };
  };
  const path = join(workspace, 'model.yaml');
  const model = await readFile(path, 'utf8');
  await writeFile(
    path,
    model.replace(
      /^( *metrics:).*$/m,
      `$1 { accuracy: ${metrics.accuracy}, test_loss: ${metrics.test_loss} }`,
    ),
  );
}
