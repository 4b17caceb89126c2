import { type Metadata, MODEL_LABEL } from '@modelpier/backstage-plugin-modelpier-common';
import { groupBy } from './group-by';
import { type LabelSelector, parseLabelSelector } from './label-selector';

/** What finds a model's workloads. */
export interface WorkloadFinder {
  readonly modelId: number;
  readonly name: string;
  /** Only there, where the entity says so. */
  readonly namespace: string | null;
  readonly selector: string | null;
  /** `registry/path` of the model's images, to tell its container from a sidecar. */
  readonly repositories: readonly string[];
}

export interface ModelMatcher {
  /** Whether some model is found by labels other than our own. */
  readonly needsEveryWorkload: boolean;
  match(workload: Metadata): readonly WorkloadFinder[];
}

/** The models that a workload serves: by our label, or by the selector that the entity gives. */
export function createModelMatcher(finders: readonly WorkloadFinder[]): ModelMatcher {
  const byName = groupBy(finders, finder => finder.name);
  const selecting = finders
    .map(finder => ({ finder, selects: parseSelector(finder.selector) }))
    .filter((each): each is { finder: WorkloadFinder; selects: LabelSelector } => each.selects !== undefined);
  return {
    needsEveryWorkload: selecting.length > 0,
    match: ({ labels = {}, namespace = '' }) => {
      const labelled = byName.get(labels[MODEL_LABEL] ?? '') ?? [];
      const selected = selecting.filter(({ selects }) => selects(labels)).map(({ finder }) => finder);
      return [...new Set([...labelled, ...selected])].filter(
        finder => finder.namespace === null || finder.namespace === namespace,
      );
    },
  };
}

const parseSelector = (written: string | null): LabelSelector | undefined =>
  written === null ? undefined : parseLabelSelector(written);
