import type { Findings, FoundModel, ModelSource } from './found-model';

interface Seen {
  readonly models: readonly FoundModel[];
  /** Since when it has been looked for in vain. */
  readonly missingSince: number | undefined;
}

interface Watched {
  readonly source: ModelSource;
  readonly since: number;
  readonly models: Map<string, Seen>;
}

/** A model as one source has it. */
export interface Sighting extends FoundModel {
  readonly source: ModelSource;
}

/**
 * Which models are there, by what was seen of them lately: one that a source no longer shows is believed to be
 * gone only after it has stayed away for a while. A source that fails, or that is empty for an hour because
 * somebody took a right from us, must not empty the catalog. Times are milliseconds since the epoch.
 */
export class Sightings {
  readonly #sources = new Map<string, Watched>();

  constructor(private readonly graceMs: number) {}

  note(source: ModelSource, { models, trouble }: Findings, now: number): void {
    const watched = this.#watch(source, now);
    const found = new Map<string, FoundModel[]>();
    for (const model of models) found.set(model.name, [...(found.get(model.name) ?? []), model]);
    for (const [name, own] of found) watched.models.set(name, { models: own, missingSince: undefined });
    if (trouble !== undefined) return;
    for (const [name, seen] of watched.models) {
      if (found.has(name)) continue;
      const { missingSince = now } = seen;
      if (now - missingSince >= this.graceMs) watched.models.delete(name);
      else watched.models.set(name, { ...seen, missingSince });
    }
  }

  /** All that is believed to be there. */
  list(): readonly Sighting[] {
    return [...this.#sources.values()].flatMap(({ source, models }) =>
      [...models.values()].flatMap(seen => seen.models.map(model => ({ ...model, source }))),
    );
  }

  /**
   * Whether what is not in the list is gone: not before every source was watched for the while. What was seen
   * before this process began, nobody here remembers.
   */
  isSettled(sources: readonly ModelSource[], now: number): boolean {
    return sources.every(source => {
      const watched = this.#sources.get(keyOf(source));
      return watched !== undefined && now - watched.since >= this.graceMs;
    });
  }

  #watch(source: ModelSource, now: number): Watched {
    const known = this.#sources.get(keyOf(source));
    if (known !== undefined) return known;
    const watched: Watched = { source, since: now, models: new Map() };
    this.#sources.set(keyOf(source), watched);
    return watched;
  }
}

const keyOf = ({ kind, name }: ModelSource): string => `${kind}:${name}`;
