import {
  type Diagnosis,
  explained,
  formatObjectRef,
  type Report,
  type ReportedDeployment,
  type ReportedRollback,
} from '@modelpier/backstage-plugin-modelpier-common';
import { renderEvidence } from './evidence-summary';
import { code, escapeMarkdown, withCode } from './markdown';

/** Why the run failed, what to do next, and what serves now. */
export function renderFailure({ failure, deployment }: Report): string | undefined {
  if (failure === undefined) return undefined;
  const { diagnosis = [], evidence } = deployment ?? {};
  const reasons =
    diagnosis.length === 0
      ? [
          `**${escapeMarkdown(failure.message)}**`,
          ...(failure.hint === undefined ? [] : [`What to do: ${withCode(failure.hint)}`]),
        ]
      : ['### Why it failed', diagnosis.map(renderDiagnosis).join('\n')];
  return [
    ...reasons,
    ...(deployment === undefined
      ? []
      : whatServes(deployment, diagnosis.length === 0 ? failure.hint : undefined)),
    ...(evidence === undefined ? [] : [renderEvidence(evidence)]),
  ].join('\n\n');
}

const renderDiagnosis = (diagnosis: Diagnosis): string =>
  `- **${escapeMarkdown(sentence(explained(diagnosis)))}**<br>\n  What to do: ${withCode(diagnosis.fix)}`;

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What becomes of callers: by the way back where there was one, else by what ran before. */
function whatServes(deployment: ReportedDeployment, told = ''): readonly string[] {
  const { previousImage, status, rollback, notRolledBack } = deployment;
  if (rollback !== undefined) return [wayBack(rollback)];
  const back =
    notRolledBack === undefined ? [] : [`Nothing to roll back to: ${escapeMarkdown(notRolledBack)}.`];
  if (previousImage !== undefined) {
    const serving = `The pods of the release before go on serving ${code(previousImage)}.`;
    return told.includes(previousImage) ? back : [...back, serving];
  }
  if (status !== 'failed') return back;
  const nothing =
    back.length > 0 ? 'Nothing serves now' : 'Nothing ran before this release, so nothing serves now';
  return [...back, `${nothing}; its objects stay as they are.`];
}

function wayBack({ to, image, outcome, reason, left }: ReportedRollback): string {
  const version = escapeMarkdown(to.version);
  if (outcome === 'failed') {
    const why = reason === undefined ? '' : `: ${escapeMarkdown(reason)}`;
    return `**The rollback to ${version} failed too${why}.** Look at the objects now, for neither release is proven to serve.`;
  }
  const remains =
    left.length === 0
      ? ''
      : ` What only the failed release has stays in the cluster; delete it where it is not needed: ${left.map(each => code(formatObjectRef(each))).join(', ')}.`;
  return `Rolled back to ${version}, which is healthy and serves ${code(image)}.${remains}`;
}
