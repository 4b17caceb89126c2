import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModel } from '@modelpier/backstage-plugin-modelpier-common';
import { parse } from 'yaml';
import { readContext } from '../action/src/github/context';
import { readInputs } from '../action/src/inputs/inputs';

const ROOT = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

/** The YAML blocks of the README: the model file, the workflow, the configuration of the portal. */
const [modelFile, ownWorkflow] = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, block = '']) => parse(block) as unknown,
);
const workflows = [['the README', ownWorkflow as Workflow]] as const;
const { inputs: known } = parse(read('action.yml')) as { readonly inputs: Readonly<Record<string, unknown>> };

/** What GitHub passes for the step, with a value in place of each expression. */
const passed = (step: Step): Record<string, string> =>
  Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      // Image repositories are lower case, and `${{ github.repository }}` stands in them.
      String(value).replace(/\$\{\{.*?\}\}/g, 'acme/model'),
    ]),
  );

describe.each(workflows)('the workflow of %s', (_, workflow) => {
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps);
  const step = steps.find(({ uses = '' }) => uses.startsWith('modelpier/modelpier@')) ?? {};

  it('gives inputs that the action knows and serves', () => {
    expect(Object.keys(step.with ?? {}).filter(name => !(name in known))).toEqual([]);
    const context = readContext({ GITHUB_EVENT_NAME: 'push' }, { cwd: '/work', tmp: '/tmp' });
    expect(() => readInputs(passed(step), context)).not.toThrow();
  });

  it('asks for the permissions that its token is used for, and no more', () => {
    const writes = step.with?.['mode'] !== 'plan';
    expect(workflow.permissions).toEqual({
      contents: 'read',
      packages: writes ? 'write' : 'read',
      ...(step.with?.['github-token'] !== undefined && { deployments: 'write' }),
    });
  });
});

it.each([
  ['of the README', modelFile],
  ['of the example', parse(read('examples/mnist-mlp/model.yaml')) as unknown],
])('the model file %s is one', (_, document) => {
  expect(parseModel(document).spec.format).toBe('torchscript');
});
