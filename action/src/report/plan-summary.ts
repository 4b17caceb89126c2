import {
  type FitFinding,
  type FitSeverity,
  formatCount,
  formatObjectRef,
  type ReportedDeployment,
  type ReportedObject,
} from '@modelpier/backstage-plugin-modelpier-common';
import { code, codeBlock, details, escapeMarkdown, htmlCode, table } from './markdown';

interface PlanBounds {
  /** Of the diffs together; those that do not fit are named. */
  readonly mostCharacters: number;
}

const MOST_ROWS = 100;
/** Of objects whose diff is left out. */
const MOST_NAMES = 20;

const WOULD: Readonly<Record<ReportedObject['action'], string>> = {
  created: 'be created',
  configured: 'change',
  unchanged: 'stay as it is',
  pruned: 'be deleted',
};

/** What an apply would do to each object, and the lines that it would change. */
export function renderPlan({ objects, namespace, fit = [] }: ReportedDeployment, bounds: PlanBounds): string {
  const rows = objects.map(({ ref, action, diff }) => [
    code(formatObjectRef(ref)),
    WOULD[action],
    countLines(diff),
  ]);
  return [
    ...renderFit(fit),
    `### What would change in ${code(namespace)}`,
    table([{ title: 'object' }, { title: 'would' }, { title: 'lines' }], rows),
    ...renderDiffs(objects, bounds),
  ].join('\n\n');
}

/** A plan without a cluster. */
export const renderNothingCompared = (): string =>
  'No kubeconfig was given, so that nothing was compared with what runs.';

const VERDICTS: Readonly<Record<FitSeverity, string>> = {
  refusal: '**cannot work**',
  warning: 'may not fit',
  skipped: 'not checked',
};

function renderFit(findings: readonly FitFinding[]): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings
    .slice(0, MOST_ROWS)
    .map(({ severity, object, message, remedy }) => [
      VERDICTS[severity],
      object === undefined ? '' : code(formatObjectRef(object)),
      escapeMarkdown(message),
      escapeMarkdown(remedy ?? ''),
    ]);
  const head = [{ title: '' }, { title: 'object' }, { title: 'why' }, { title: 'what to change' }];
  return ['### Does it fit?', table(head, rows)];
}

function countLines(diff: string | undefined): string {
  if (diff === undefined) return '';
  const lines = diff.split('\n');
  const count = (mark: string): number => lines.filter(line => line.startsWith(mark)).length;
  const [added, removed] = [count('+'), count('-')];
  return [added > 0 ? `+${added}` : '', removed > 0 ? `-${removed}` : '']
    .filter(part => part !== '')
    .join(' ');
}

/** Changes stand open, for they are what a reader looks for; a new object is in the repository already. */
function renderDiffs(objects: readonly ReportedObject[], { mostCharacters }: PlanBounds): readonly string[] {
  const parts: string[] = [];
  const left: string[] = [];
  let characters = 0;
  for (const { ref, action, diff } of objects) {
    if (diff === undefined) continue;
    const shown = formatObjectRef(ref);
    const part = details(`${htmlCode(shown)} ${countLines(diff)}`, codeBlock(diff, 'diff'), {
      open: action === 'configured',
    });
    if (characters + part.length > mostCharacters) left.push(code(shown));
    else {
      parts.push(part);
      characters += part.length;
    }
  }
  if (left.length > 0) {
    parts.push(
      `The diffs of ${formatCount(left.length, 'object')} are too long to show: ${left.slice(0, MOST_NAMES).join(', ')}`,
    );
  }
  return parts;
}
