import type { Step } from './step';

/** How a run is ended; resolves when it is. */
export type Ending = (step: Step) => Promise<unknown>;

const SECOND = 1_000;
const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

export const ENDINGS = {
  'by SIGTERM': ({ child, ended }) => {
    child.kill('SIGTERM');
    return ended;
  },
  /** docs.github.com, "Workflow cancellation reference". */
  'as GitHub cancels': async ({ child, ended }) => {
    child.kill('SIGINT');
    const stops = [
      after(7.5 * SECOND, () => child.kill('SIGTERM')),
      after(10 * SECOND, () => child.kill('SIGKILL')),
    ];
    await ended;
    for (const stop of stops) stop();
  },
  'by SIGKILL': ({ child, ended }) => {
    child.kill('SIGKILL');
    return ended;
  },
} satisfies Readonly<Record<string, Ending>>;
