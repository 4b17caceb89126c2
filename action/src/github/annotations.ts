import { causeWords, explained, type Fault, type Report } from '@modelpier/backstage-plugin-modelpier-common';

/** What GitHub shows beside the line of a file in a commit or pull request. */
export interface Annotation {
  readonly message: string;
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
}

/** GitHub shows ten errors a step. */
const MOST_ANNOTATIONS = 10;

/** The faults of an error that are known to stand in a file of the workspace. */
export function annotationsOf(error: unknown): readonly Annotation[] {
  const faults = error instanceof Error && 'faults' in error ? (error.faults as readonly Fault[]) : [];
  return faults
    .flatMap(({ path, message, at }) =>
      at === undefined
        ? []
        : [
            {
              message: path === at.file || path === '' ? message : `${path}: ${message}`,
              file: at.file,
              startLine: at.line,
              startColumn: at.column,
            },
          ],
    )
    .slice(0, MOST_ANNOTATIONS);
}

/** A diagnosis as an error of its own, with the cause as its title; the first one is told by the run's failure. */
export const diagnosisAnnotations = ({
  deployment,
}: Pick<Report, 'deployment'>): readonly { readonly title: string; readonly message: string }[] =>
  (deployment?.diagnosis ?? []).slice(1).map(each => ({
    title: `Why it failed: ${causeWords(each.cause)}`,
    message: `${explained(each)}\n${each.fix}`,
  }));
