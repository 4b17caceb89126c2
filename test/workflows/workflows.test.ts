import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readContext } from '../../action/src/github/context';
import { readInputs } from '../../action/src/inputs/inputs';
import {
  examples,
  expressionsOf,
  isOurs,
  read,
  shared,
  SHARED,
  type Step,
  stepsOf,
  type Workflow,
  type WorkflowFile,
} from './workflow';

const action = parse(read('action.yml')) as {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
};
/** docs.github.com, "Contexts reference". */
const CONTEXTS = /\b(github|env|vars|job|jobs|steps|runner|secrets|strategy|matrix|needs|inputs)\.[\w.-]+/g;

const eventsOf = ({ on }: Workflow): readonly string[] => (typeof on === 'string' ? [on] : Object.keys(on));
const inputsOf = ({ on }: Workflow, event: string) =>
  typeof on === 'string' ? {} : (on[event]?.inputs ?? {});

/** What GitHub passes for the step, with a value in place of each expression. */
const passed = (step: Step): Record<string, string> =>
  Object.fromEntries(
    Object.entries(step.with ?? {}).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      withValues(name, String(value)),
    ]),
  );

/** Of the form that the input asks for: a repository is lower case, a namespace has no slash. */
const VALUES: Readonly<Record<string, string>> = {
  images: 'ghcr.io/acme/model',
  image: `ghcr.io/acme/model@sha256:${'0'.repeat(64)}`,
  'environment-url': 'https://model.test',
  timeout: '10m',
  tags: 'type=sha',
};
const withValues = (name: string, value: string): string =>
  /^\$\{\{.*\}\}$/.test(value) ? (VALUES[name] ?? 'value') : value.replace(/\$\{\{.*?\}\}/g, 'acme/model');

describe.each([...examples, shared].map(file => [file.name, file] as const))('%s', (_, file) => {
  const { workflow } = file;

  it('gives inputs that the action has, in a mode that it serves', () => {
    for (const step of stepsOf(file).filter(isOurs)) {
      expect(Object.keys(step.with ?? {}).filter(name => !(name in action.inputs))).toEqual([]);
      for (const event of eventsOf(workflow)) {
        const context = readContext({ GITHUB_EVENT_NAME: event }, { cwd: '/work', tmp: '/tmp' });
        expect(() => readInputs(passed(step), context)).not.toThrow();
      }
    }
  });

  it('runs the action, or calls the workflow that does with what it takes', () => {
    const calls = Object.values(workflow.jobs).filter(({ uses }) => uses !== undefined);
    expect(stepsOf(file).filter(isOurs).length + calls.length).toBe(1);
    for (const job of calls) {
      expect(job.uses).toBe(`modelpier/modelpier/${SHARED}@v0`);
      const taken = inputsOf(shared.workflow, 'workflow_call');
      const required = Object.keys(taken).filter(name => taken[name]?.required === true);
      expect(Object.keys(taken)).toEqual(expect.arrayContaining(Object.keys(job.with ?? {})));
      expect(Object.keys(job.with ?? {})).toEqual(expect.arrayContaining(required));
      expect(Object.keys(job.secrets ?? {})).toEqual(['KUBECONFIG']);
    }
  });

  it('pins the actions of others by commit', () => {
    const others = stepsOf(file).filter(step => step.uses !== undefined && !isOurs(step));
    expect(others.filter(({ uses = '' }) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });

  it('ends in time', () => {
    const limits = Object.values(workflow.jobs).filter(({ uses }) => uses === undefined);
    expect(limits.every(job => (job['timeout-minutes'] ?? 360) <= 60)).toBe(true);
  });

  it('is cut short only where it changes nothing', () => {
    const { concurrency } = workflow;
    const isCut = typeof concurrency === 'object' && concurrency['cancel-in-progress'] === true;
    expect(isCut).toBe(stepsOf(file).some(step => step.with?.['mode'] === 'plan'));
  });

  it('names only what there is in its expressions', () => {
    const declared = Object.keys(
      eventsOf(workflow).reduce((all, event) => ({ ...all, ...inputsOf(workflow, event) }), {}),
    );
    const ids = stepsOf(file).flatMap(({ id }) => id ?? []);
    for (const expression of expressionsOf(file)) {
      const names = expression.match(CONTEXTS) ?? [];
      expect(names).not.toEqual([]);
      for (const [context, name = '', what, output = ''] of names.map(each => each.split('.'))) {
        if (context === 'inputs') expect(declared).toContain(name);
        if (context === 'steps') {
          expect(ids).toContain(name);
          expect([what, output in action.outputs]).toEqual(['outputs', true]);
        }
      }
    }
  });

  it('gives no secret to a run for a pull request, and none to a script', () => {
    const isPullRequest = eventsOf(workflow).includes('pull_request');
    expect(isPullRequest && file.source.includes('secrets.')).toBe(false);
    expect(eventsOf(workflow)).not.toContain('pull_request_target');
    expect(stepsOf(file).filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });
});

/** `| [plan.yml](...) | ... | \`read\` | |` by file, with the permissions that the head names. */
function documentedPermissions(): Record<string, Record<string, string>> {
  const rows = read('docs/workflows.md')
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
  const [head = [], , ...body] = rows;
  const scopes = head.map(cell => /^`(\w[\w-]*)`$/.exec(cell)?.[1]);
  const permissions = (row: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      row.flatMap((cell, at) =>
        scopes[at] === undefined || cell === '' ? [] : [[scopes[at], cell.replaceAll('`', '')]],
      ),
    );
  return Object.fromEntries(body.map(row => [/\[(.*?)\]/.exec(row[0] ?? '')?.[1] ?? '', permissions(row)]));
}

it('has the permissions that its page says, each of the examples, and no others', () => {
  const given = Object.fromEntries(examples.map(({ name, workflow }) => [name, workflow.permissions]));
  expect(documentedPermissions()).toEqual(given);
});

const needs = ({ workflow, ...file }: WorkflowFile): Record<string, string> => {
  const step = stepsOf({ ...file, workflow }).find(isOurs);
  const mode = step?.with?.['mode'];
  const isForTags = eventsOf(workflow).includes('release');
  const hasToken = step?.with?.['github-token'] !== undefined;
  return {
    contents: hasToken && isForTags ? 'write' : 'read',
    // A rollback leaves the registry alone, and so does the release of an image that is there.
    ...(mode !== 'rollback' && mode !== 'deploy' && { packages: mode === 'plan' ? 'read' : 'write' }),
    ...(hasToken && (mode === 'plan' ? { 'pull-requests': 'write' } : { deployments: 'write' })),
  };
};

it.each(
  [...examples.filter(({ workflow }) => workflow.jobs['release']?.uses === undefined), shared].map(
    file => [file.name, file] as const,
  ),
)('%s asks for what its token is used for, and no more', (_, file) => {
  expect(file.workflow.permissions).toEqual(needs(file));
});

it('grants the shared workflow what it asks for', () => {
  const caller = examples.find(({ name }) => name === 'reusable.yml');
  expect(caller?.workflow.permissions).toEqual(shared.workflow.permissions);
});

it.each(readdirSync(join(__dirname, '../../examples/mnist-mlp/.github/workflows')))(
  'is used by the example repository as it is: %s',
  name => {
    const example = examples.find(each => each.name === name);
    expect(read(`examples/mnist-mlp/.github/workflows/${name}`)).toBe(example?.source);
  },
);
