import type { Findings, FoundModel, ModelSource } from './found-model';

interface Seen {
  readonly models: readonly FoundModel[];
  /** Since when it has been looked for in vain. */
  readonly missingSince: number | undefined;
}

interface Watched {
  readonly source: ModelSource;
  /** Since when no round was missed; `undefined` until it is read again after one was. */
  since: number | undefined;
  /** When it was last looked at, in vain or not. */
  lastAt: number;
  readonly models: Map<string, Seen>;
}

export interface Patience {
  /** How long a model has to stay away before it is gone. */
  readonly graceMs: number;
  /** After longer without a round another process had some. */
  readonly mostGapMs: number;
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

  constructor(private readonly patience: Patience) {}

  /** Begins a round: what another process saw since the last one, nobody here knows. */
  begin(source: ModelSource, now: number): void {
    const watched = this.#sources.get(keyOf(source));
    if (watched === undefined) return;
    if (now - watched.lastAt > this.patience.mostGapMs) {
      watched.since = undefined;
      for (const [name, { models }] of watched.models) {
        watched.models.set(name, { models, missingSince: undefined });
      }
    }
    watched.lastAt = now;
  }

  note(source: ModelSource, { models, trouble }: Findings, now: number): void {
    const watched = this.#watch(source, now);
    watched.since ??= now;
    const found = new Map<string, FoundModel[]>();
    for (const model of models) found.set(model.name, [...(found.get(model.name) ?? []), model]);
    for (const [name, own] of found) watched.models.set(name, { models: own, missingSince: undefined });
    if (trouble !== undefined) return;
    for (const [name, seen] of watched.models) {
      if (found.has(name)) continue;
      const { missingSince = now } = seen;
      if (now - missingSince >= this.patience.graceMs) watched.models.delete(name);
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
   * Whether what is not in the list is gone: not before every source was watched for the while without a gap.
   * What was seen before this process began, or by another one, nobody here remembers.
   */
  isSettled(sources: readonly ModelSource[], now: number): boolean {
    return sources.every(source => {
      const since = this.#sources.get(keyOf(source))?.since;
      return since !== undefined && now - since >= this.patience.graceMs;
    });
  }

  #watch(source: ModelSource, now: number): Watched {
    const known = this.#sources.get(keyOf(source));
    if (known !== undefined) return known;
    const watched: Watched = { source, since: now, lastAt: now, models: new Map() };
    this.#sources.set(keyOf(source), watched);
    return watched;
  }
}

const keyOf = ({ kind, name }: ModelSource): string => `${kind}:${name}`;
