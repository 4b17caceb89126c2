import { NotApplicable } from './breach';
import { type Check, type CheckResult } from './check';
import { healthChecks } from './health-checks';
import { inferChecks } from './infer-checks';
import { metadataChecks } from './metadata-checks';
import { refusalChecks } from './refusal-checks';
import { Subject, type Target } from './subject';

export const checks: readonly Check[] = [
  ...healthChecks,
  ...metadataChecks,
  ...inferChecks,
  ...refusalChecks,
];

/** Asks a server everything the Open Inference Protocol V2 promises, one question at a time. */
export async function runConformance(target: Target): Promise<readonly CheckResult[]> {
  const subject = new Subject(target);
  const results: CheckResult[] = [];
  for (const check of checks) {
    target.signal?.throwIfAborted();
    results.push(await judge(check, subject));
  }
  return results;
}

async function judge({ title, level, run }: Check, subject: Subject): Promise<CheckResult> {
  try {
    await run(subject);
    return { title, level, outcome: 'passed' };
  } catch (error) {
    const outcome = error instanceof NotApplicable ? 'not-applicable' : 'failed';
    return { title, level, outcome, reason: reasonOf(error) };
  }
}

/** `fetch` hides in the cause why a connection failed. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return message === 'fetch failed' && cause !== undefined ? `no answer: ${messageOf(cause)}` : message;
}

/** By shape, not by class: an error of another realm is no instance of this one's `Error`. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

/** Whether the server keeps what the protocol requires; with `strict`, what is recommended as well. */
export const conforms = (results: readonly CheckResult[], strict = false): boolean =>
  results.every(({ outcome, level }) => outcome !== 'failed' || (level === 'recommended' && !strict));
