import { type Subject } from './subject';

/**
 * `required`: the protocol's text says so. `recommended`: it is silent or contradicts itself, and
 * clients are known to need it.
 */
export type Level = 'required' | 'recommended';

export interface Check {
  /** What a conforming server does, as a sentence. */
  readonly title: string;
  readonly level: Level;
  /** Throws what the server did instead. */
  readonly run: (subject: Subject) => Promise<void>;
}

export interface CheckResult {
  readonly title: string;
  readonly level: Level;
  readonly outcome: 'passed' | 'failed' | 'not-applicable';
  /** Why it failed, or why it does not apply. */
  readonly reason?: string;
}

export const required = (title: string, run: Check['run']): Check => ({ title, level: 'required', run });
export const recommended = (title: string, run: Check['run']): Check => ({
  title,
  level: 'recommended',
  run,
});
