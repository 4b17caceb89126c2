import type { Found } from './diagnosis';
import type { Evidence } from './evidence';

type GoldenCause = Pick<Found, 'cause' | 'fix'>;

/** By the reason that the golden check gave the workload. */
const CAUSES: ReadonlyMap<string, GoldenCause> = new Map([
  [
    'GoldenFailed',
    {
      cause: 'golden-answer',
      fix: 'compare the model and its runtime with those that the golden file was made by; where the answers are meant to be new, make the file anew, and where they may differ so far, raise its `tolerance`',
    },
  ],
  [
    'GoldenTooSlow',
    {
      cause: 'golden-slow',
      fix: 'raise `resources.limits.cpu`, or, where the model may take so long, what it went past: `latency.p95Ms` of the golden file or `timeout`',
    },
  ],
  [
    'GoldenNotRun',
    {
      cause: 'golden-not-run',
      fix: 'mend what kept the pods from being asked (docs/permissions.md names the rights), or set `golden: auto`',
    },
  ],
]);

/** Workloads whose pods answer other than the golden file says, or could not be asked although they must. */
export const goldenFailures = ({ objects }: Evidence): readonly Found[] =>
  objects.flatMap(({ ref, status }) => {
    const cause = status.state === 'Failed' ? CAUSES.get(status.reason) : undefined;
    return cause === undefined ? [] : [{ ...cause, explanation: status.message, object: ref }];
  });
