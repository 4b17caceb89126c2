import { type Entity } from '@backstage/catalog-model';
import {
  type Deployment,
  type Digest,
  type ModelAnswer,
  type Release,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useDeployments, useModel, useReleases } from './questions';

/** All that one has to know before something is started. */
export interface Situation {
  readonly isLoading: boolean;
  readonly error: Error | undefined;
  readonly ways: ModelAnswer['ways'];
  readonly deployments: readonly Deployment[];
  readonly releases: readonly Release[];
}

export function useSituation(entity: Entity): Situation {
  const model = useModel(entity);
  const deployments = useDeployments(entity);
  const releases = useReleases(entity);
  return {
    isLoading: model.loading || deployments.loading || releases.loading,
    error: model.error ?? deployments.error ?? (releases.unserved ? undefined : releases.error),
    ways: model.value?.ways,
    deployments: deployments.value?.items ?? [],
    releases: releases.value?.items ?? [],
  };
}

/** Where the model runs in an environment. */
export const runningIn = (
  deployments: readonly Deployment[],
  environment: string | null,
): readonly Deployment[] => deployments.filter(each => each.environment === environment);

export const digestsOf = (deployments: readonly Deployment[]): ReadonlySet<Digest> =>
  new Set(deployments.flatMap(({ versionDigest }) => versionDigest ?? []));
