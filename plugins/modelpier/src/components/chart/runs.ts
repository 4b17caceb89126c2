/** A value that holds for the span of time which begins at `at` (milliseconds since the epoch). */
export interface Sample {
  readonly at: number;
  readonly value: number | null;
}

export interface KnownSample extends Sample {
  readonly value: number;
}

/** The stretches without a gap: what was not read or not measured is never drawn, and never zero. */
export function runsOf(samples: readonly Sample[], spanMs: number): readonly (readonly KnownSample[])[] {
  const runs: KnownSample[][] = [];
  let expected: number | undefined;
  for (const { at, value } of samples) {
    if (value === null) continue;
    const run = at === expected ? runs.at(-1) : undefined;
    if (run === undefined) runs.push([{ at, value }]);
    else run.push({ at, value });
    expected = at + spanMs;
  }
  return runs;
}
