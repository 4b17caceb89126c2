/** What went wrong, for code to branch on; the text is for people. */
export const ERROR_CODES = [
  'invalid-input',
  'invalid-document',
  'not-served',
  'unsupported',
  'not-found',
  'unauthorized',
  'forbidden',
  'conflict',
  'rate-limited',
  'unreachable',
  'timeout',
  'cancelled',
  'digest-mismatch',
  'too-large',
  'upstream',
  'unhealthy',
  'unsafe',
  'untrusted',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A place in a file that a person wrote; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong in a document, and where: `spec.resources.cpu`. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  /** Where the document came from a file. */
  readonly at?: Position | undefined;
}

export interface ModelpierErrorOptions {
  /** What the reader should do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** Every fault of a refused document, not only the first. */
  readonly faults?: readonly Fault[] | undefined;
}

/** An error that names the act, the thing and the reason in `message`, and the remedy in `hint`. */
export class ModelpierError extends Error {
  override readonly name = 'ModelpierError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, message: string, options: ModelpierErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.faults = options.faults ?? [];
  }
}

/** Whether the error, of whichever bundled copy of this package, carries one of the codes. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is ModelpierError {
  if (!(error instanceof Error) || error.name !== 'ModelpierError' || !('code' in error)) return false;
  return codes.some(code => code === error.code);
}
