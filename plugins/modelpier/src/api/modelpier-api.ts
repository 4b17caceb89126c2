import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type AllocationAnswer,
  type DeploymentsAnswer,
  type DispatchAnswer,
  type EntityRef,
  type FleetAllocation,
  type FleetReuse,
  type HistoryAnswer,
  type HistoryRange,
  type ModelAnswer,
  type ModelSort,
  type ModelsPage,
  type PromoteRequest,
  type ReleasesPage,
  type ReuseAnswer,
  type RollbackRequest,
  type State,
  type VersionDetail,
  type VersionDiff,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';

export interface AskOptions {
  readonly signal: AbortSignal;
}

export interface PageOptions extends AskOptions {
  /** The first page, or the one that `nextCursor` of the page before names. */
  readonly cursor?: string | undefined;
}

/** Which models, and in which order; what is left out narrows nothing. */
export interface ModelsQuestion {
  /** Part of the name or the title. */
  readonly filter?: string | undefined;
  /** Entity reference. */
  readonly owner?: string | undefined;
  readonly cluster?: string | undefined;
  readonly environment?: string | undefined;
  /** The worst state of its deployments. */
  readonly health?: State | undefined;
  readonly drift?: boolean | undefined;
  readonly sort?: ModelSort | undefined;
}

export interface ModelsPageOptions extends PageOptions {
  readonly limit: number;
  /** Whether the sums over all models that fit, and what can be filtered by, are wanted too. */
  readonly withTotals?: boolean;
}

/** What the portal's backend knows of a model. Every answer names its sources and how fresh they are. */
export interface ModelpierApi {
  readModel(entity: EntityRef, options: AskOptions): Promise<ModelAnswer>;
  readVersions(entity: EntityRef, options: PageOptions): Promise<VersionsPage>;
  readVersion(entity: EntityRef, digest: string, options: AskOptions): Promise<VersionDetail>;
  /** From one version to another, by their digests. */
  readDiff(entity: EntityRef, before: string, after: string, options: AskOptions): Promise<VersionDiff>;
  readDeployments(entity: EntityRef, options: AskOptions): Promise<DeploymentsAnswer>;
  readReleases(entity: EntityRef, options: PageOptions): Promise<ReleasesPage>;
  /** Replicas, requests and use over time; the versions and releases of that time. */
  readHistory(entity: EntityRef, range: HistoryRange, options: AskOptions): Promise<HistoryAnswer>;
  readAllocation(entity: EntityRef, options: AskOptions): Promise<AllocationAnswer>;
  readReuse(entity: EntityRef, options: AskOptions): Promise<ReuseAnswer>;
  /** Models of the whole fleet, filtered and sorted by the backend. */
  readModels(question: ModelsQuestion, options: ModelsPageOptions): Promise<ModelsPage>;
  readFleetAllocation(options: AskOptions): Promise<FleetAllocation>;
  readFleetReuse(options: AskOptions): Promise<FleetReuse>;
  /** Asks the backend to collect now; it answers at once and collects behind the answer. */
  refresh(entity: EntityRef, options: AskOptions): Promise<void>;
  /** Both start a workflow of the model's repository, once for each `requestId`. */
  rollBack(entity: EntityRef, request: RollbackRequest, options: AskOptions): Promise<DispatchAnswer>;
  promote(entity: EntityRef, request: PromoteRequest, options: AskOptions): Promise<DispatchAnswer>;
}

export const modelpierApiRef = createApiRef<ModelpierApi>().with({
  id: 'plugin.modelpier.api',
  pluginId: 'modelpier',
});
