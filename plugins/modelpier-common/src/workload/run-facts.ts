import {
  ACTOR_ANNOTATION,
  COMMIT_ANNOTATION,
  DEPLOYED_AT_ANNOTATION,
  ENVIRONMENT_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  MODEL_LABEL,
  RUN_URL_ANNOTATION,
  VERSION_ANNOTATION,
  WORKLOAD_IMAGE_ANNOTATION,
} from '../annotations';

/** What a run says of a release on the workloads that serve it. */
export interface RunFacts {
  readonly model: string;
  readonly version: string;
  /** `repository@sha256:...`. */
  readonly image: string;
  readonly commit?: string | undefined;
  readonly runUrl?: string | undefined;
  readonly actor?: string | undefined;
  readonly environment?: string | undefined;
  /** RFC 3339. */
  readonly deployedAt: string;
}

/** Facts of the run alone: they say nothing that a cluster would have to change for. */
const RUN_ANNOTATIONS = [COMMIT_ANNOTATION, RUN_URL_ANNOTATION, ACTOR_ANNOTATION, DEPLOYED_AT_ANNOTATION];
const RELEASE_ANNOTATIONS = [VERSION_ANNOTATION, WORKLOAD_IMAGE_ANNOTATION, ENVIRONMENT_ANNOTATION];
/** Every annotation that a run stamps: what differs in them alone is no change that anyone asked for. */
export const RUN_FACT_ANNOTATIONS: readonly string[] = [...RUN_ANNOTATIONS, ...RELEASE_ANNOTATIONS];

type Texts = Readonly<Record<string, string>>;
interface Stamped {
  readonly metadata: { readonly labels?: Texts | undefined; readonly annotations?: Texts | undefined };
}

/** The object with the run's facts on its own metadata; its pod template is left alone, so nothing rolls. */
export function stampRunFacts<T extends Stamped>(object: T, facts: RunFacts): T {
  const annotations = {
    [VERSION_ANNOTATION]: facts.version,
    [WORKLOAD_IMAGE_ANNOTATION]: facts.image,
    [COMMIT_ANNOTATION]: facts.commit,
    [RUN_URL_ANNOTATION]: facts.runUrl,
    [ACTOR_ANNOTATION]: facts.actor,
    [ENVIRONMENT_ANNOTATION]: facts.environment,
    [DEPLOYED_AT_ANNOTATION]: facts.deployedAt,
  };
  const labels = { [MANAGED_BY_LABEL]: MANAGED_BY, [MODEL_LABEL]: facts.model };
  return withMetadata(object, labels, annotations);
}

/** The object with the facts that `live` carries instead of its own, to see what else differs. */
export function keepRunFacts<T extends Stamped>(object: T, live: Stamped): T {
  const kept = RUN_FACT_ANNOTATIONS.map(key => [key, live.metadata.annotations?.[key]] as const);
  return withMetadata(object, {}, Object.fromEntries(kept));
}

/** The object without what only tells who put it there and when: two runs of one release give the same. */
export const withoutRunFacts = <T extends Stamped>(object: T): T =>
  withMetadata(object, {}, Object.fromEntries(RUN_ANNOTATIONS.map(key => [key, undefined])));

/** Whether both carry the same release, whichever runs stamped them. */
export const isSameRelease = (a: Stamped, b: Stamped): boolean =>
  RELEASE_ANNOTATIONS.every(key => a.metadata.annotations?.[key] === b.metadata.annotations?.[key]);

function withMetadata<T extends Stamped>(
  object: T,
  labels: Texts,
  annotations: Readonly<Record<string, string | undefined>>,
): T {
  const { metadata } = object;
  const given = Object.entries({ ...metadata.annotations, ...annotations }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...object,
    metadata: {
      ...metadata,
      ...filled('labels', { ...metadata.labels, ...labels }),
      ...filled('annotations', Object.fromEntries(given)),
    },
  };
}

/** Nothing in place of an empty map, which would be a change of its own; `undefined` covers what was there. */
const filled = (key: string, texts: Texts): Readonly<Record<string, Texts | undefined>> => ({
  [key]: Object.keys(texts).length === 0 ? undefined : texts,
});
