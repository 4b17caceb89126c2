/** What is odd about a pickle itself, whatever it names. */
export type OddityKind =
  | 'extension'
  | 'old-instance'
  | 'unresolved-global'
  | 'odd-call'
  | 'odd-build'
  | 'nested'
  | 'misplaced-protocol';

export interface Oddity {
  readonly kind: OddityKind;
  readonly offset: number;
  readonly detail: string;
}
