import type { Figure } from './figure';

export interface SuiteOptions {
  /** How often each thing is measured. */
  readonly runs: number;
  /** Of the model; each suite has its own default. */
  readonly sizeBytes: number | undefined;
  /** A registry that runs already; else the suite starts its own. */
  readonly registry: string | undefined;
  /** An empty folder for everything that the suite writes; gone afterwards. */
  readonly folder: string;
  /** What outlives a run: tools that had to be fetched. */
  readonly cache: string;
  readonly signal: AbortSignal;
  /** One line on what is being done. */
  readonly tell: (line: string) => void;
}

/** What every file in `suites/` exports as `suite`. */
export interface Suite {
  /** One line for `--help`. */
  readonly summary: string;
  run(options: SuiteOptions): Promise<readonly Figure[]>;
}
