import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { renderFailure } from './failure-summary';
import { renderImage } from './image-summary';
import { details, escapeMarkdown } from './markdown';
import { renderNothingCompared, renderPlan } from './plan-summary';
import { renderSentence } from './sentence';
import { renderWarnings } from './summary';

/** GitHub refuses a longer comment; the rest is for the link to the run and for what is said of parts left out. */
const LONGEST = 65_536 - 1_000;
const DIFF_CHARACTERS = 40_000;

/** A plan as a comment: what a reviewer decides by, with the image folded away. */
export function renderPlanComment(report: Report, marker: string): string {
  const { deployment, image, failure, warnings, run } = report;
  const parts = [
    `### ${escapeMarkdown(renderSentence(report))}`,
    renderFailure(report),
    deployment === undefined ? undefined : renderPlan(deployment, { mostCharacters: DIFF_CHARACTERS }),
    deployment === undefined && failure === undefined ? renderNothingCompared() : undefined,
    warnings.length === 0 ? undefined : renderWarnings(warnings),
    image === undefined ? undefined : details('Image', renderImage(image)),
  ].filter(part => part !== undefined);
  const shown: string[] = [marker];
  let [length, left] = [marker.length, 0];
  for (const part of parts) {
    if (length + part.length + 2 > LONGEST) {
      left += 1;
      continue;
    }
    shown.push(part);
    length += part.length + 2;
  }
  if (left > 0) shown.push('What is too long for a comment is in the summary of the job.');
  if (run.url !== undefined)
    shown.push(`[The run](${run.url}) of ${escapeMarkdown(run.commit ?? 'this commit')}`);
  return shown.join('\n\n');
}
