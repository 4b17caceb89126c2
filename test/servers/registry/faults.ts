/** What goes wrong, with the requests that match, `times` times (once where not given). */
export type Fault = {
  readonly method?: string;
  readonly path?: RegExp;
  readonly times?: number;
  /** So many matching requests go well first. */
  readonly after?: number;
} & FaultEffect;

export type FaultEffect =
  /** Another answer: 500, 429 with `retry-after`, 401, a redirect. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection breaks when this much of the request's body has arrived. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** The connection breaks when this much of the answer's body was sent. */
  | { readonly kind: 'cut-answer'; readonly afterBytes: number }
  /** The request is carried out, but the connection breaks instead of the answer. */
  | { readonly kind: 'lose-answer' }
  /** The answer ends properly, and too soon. */
  | { readonly kind: 'short-answer'; readonly bytes: number }
  /** The right number of other bytes. */
  | { readonly kind: 'wrong-bytes' }
  | { readonly kind: 'lying-digest' }
  | { readonly kind: 'slow'; readonly delayMs: number };

export class Faults {
  private pending: { readonly fault: Fault; left: number; spared: number }[] = [];

  inject(fault: Fault): void {
    this.pending.push({ fault, left: fault.times ?? 1, spared: fault.after ?? 0 });
  }

  clear(): void {
    this.pending = [];
  }

  /** The first fault for the request, used up by one. */
  take(method: string, path: string): Fault | undefined {
    const found = this.pending.find(
      ({ fault }) => (fault.method ?? method) === method && (fault.path?.test(path) ?? true),
    );
    if (found === undefined) return undefined;
    if (found.spared > 0) {
      found.spared--;
      return undefined;
    }
    found.left--;
    this.pending = this.pending.filter(({ left }) => left > 0);
    return found.fault;
  }
}
