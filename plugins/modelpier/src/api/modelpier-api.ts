import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type AllocationAnswer,
  type DeploymentsAnswer,
  type DispatchAnswer,
  type EntityRef,
  type HistoryAnswer,
  type HistoryRange,
  type ModelAnswer,
  type PromoteRequest,
  type ReleasesPage,
  type ReuseAnswer,
  type RollbackRequest,
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
