import type { InputReader } from './reader';

interface Unserved {
  readonly input: string;
  /** What may stand there although nothing is served: the default, which asks for nothing. */
  readonly neutral: readonly string[];
  readonly instead: string;
}

/** Inputs of the contract that this version does not serve: refused where they are set, never ignored. */
export const UNSERVED: readonly Unserved[] = [
  { input: 'verify-identity', neutral: [], instead: 'identities are not served yet; use verify: key' },
];

export function refuseUnserved(reader: InputReader): void {
  for (const { input, neutral, instead } of UNSERVED) {
    const value = reader.text(input);
    if (value === undefined || neutral.includes(value)) continue;
    reader.fault(input, instead);
  }
}
