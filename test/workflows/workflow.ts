import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDocument } from 'yaml';

const ROOT = join(__dirname, '../..');
export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly concurrency?: unknown;
  readonly environment?: string | { readonly name: string; readonly url?: string };
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

interface Input {
  readonly type: string;
  readonly required?: boolean;
  readonly options?: readonly string[];
}

interface Caller {
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

export interface Workflow {
  readonly on: string | Readonly<Record<string, Caller | undefined>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: string | { readonly group: string; readonly 'cancel-in-progress'?: boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface WorkflowFile {
  readonly name: string;
  readonly source: string;
  readonly workflow: Workflow;
}

const EXAMPLES = 'examples/workflows';
export const SHARED = '.github/workflows/modelpier.yml';

/** Throws at the first thing that YAML has against it: a key given twice, an indentation. */
function parseWorkflow(path: string): WorkflowFile {
  const source = read(path);
  const document = parseDocument(source, { uniqueKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
  return { name: basename(path), source, workflow: document.toJS() as Workflow };
}

export const examples = readdirSync(join(ROOT, EXAMPLES)).map(name => parseWorkflow(`${EXAMPLES}/${name}`));
export const shared = parseWorkflow(SHARED);

export const stepsOf = ({ workflow }: WorkflowFile): readonly Step[] =>
  Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);

export const isOurs = ({ uses = '' }: Step): boolean => uses === 'modelpier/modelpier@v0';

/** What stands in `${{ ... }}`, anywhere. */
export const expressionsOf = ({ source }: WorkflowFile): readonly string[] =>
  [...source.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, expression = '']) => expression.trim());
