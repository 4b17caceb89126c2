import type { SourceState } from '@modelpier/backstage-plugin-modelpier-common';

/** PostgreSQL's driver answers 64-bit integers and sums as text, SQLite's as numbers. */
export type Wide = number | string;

export interface SourceRow {
  id: number;
  kind: 'registry' | 'cluster';
  name: string;
  state: SourceState;
  message: string | null;
  observed_at: string | null;
  attempted_at: string | null;
  duration_ms: number | null;
  details: string | null;
  turn: number;
}

export interface ModelRow {
  id: number;
  entity_ref: string;
  kind: string;
  namespace: string;
  name: string;
  title: string | null;
  owner: string | null;
  workload_namespace: string | null;
  workload_selector: string | null;
  problems: string;
  /** Since when the catalog no longer tells of it. */
  missing_since: string | null;
}

export interface RepositoryRow {
  id: number;
  registry: string;
  path: string;
  state: SourceState;
  message: string | null;
  observed_at: string | null;
  is_counted: number;
}

export interface ModelRepositoryRow {
  model_id: number;
  repository_id: number;
  position: number;
}

export interface LayerRow {
  id: number;
  digest: string;
  size_bytes: Wide;
  occurrences: number;
  base_occurrences: number;
  versions: number;
}

export interface ConfigRow {
  id: number;
  digest: string;
  document: string;
}

export interface ManifestRow {
  id: number;
  digest: string;
  media_type: string;
  /** Of an image; `null` on an index and on what is not an image. */
  platform: string | null;
  config_id: number | null;
  size_bytes: Wide;
  annotations: string;
  children: string;
  unused_since: string | null;
}

export interface ManifestLayerRow {
  manifest_id: number;
  position: number;
  layer_id: number;
  media_type: string;
  kind: string | null;
  files: string | null;
}

export interface VersionRow {
  id: number;
  repository_id: number;
  manifest_id: number;
  version: string | null;
  version_key: string;
  ordered_at: string;
  first_seen_at: string;
  size_bytes: Wide;
  previous_id: number | null;
  new_bytes: Wide | null;
  reuse_ratio: number | null;
  facts: string;
  referred_at: string | null;
}

export interface VersionImageRow {
  version_id: number;
  manifest_id: number;
  platform: string;
  position: number;
}

export interface TagRow {
  repository_id: number;
  name: string;
  version_id: number;
  first_seen_at: string;
  verified_at: string;
}

export interface WorkloadRow {
  id: number;
  source_id: number;
  api_version: string;
  kind: string;
  namespace: string;
  name: string;
  model_name: string | null;
  document: string;
}

/** How often a layer occurs in a repository's images, and in how many of its versions. */
export interface RepositoryLayerRow {
  repository_id: number;
  layer_id: number;
  occurrences: number;
  base_occurrences: number;
  versions: number;
}

/** What lists of models are filtered and sorted by; -1 and empty text stand for what is not known. */
export interface FleetRow {
  model_id: number;
  entity_ref: string;
  /** Name and title in lower case. */
  search: string;
  name: string;
  owner: string;
  newest_at: string;
  /** The first of the places where it runs. */
  place: string;
  versions: Wide;
  /** Place of the worst state in `STATES`. */
  health: Wide;
  ready: Wide;
  desired: Wide;
  drift: number;
  image_bytes: Wide;
  reuse_ratio: number;
  /** In thousandths, memory in bytes. */
  cpu_requested: Wide;
  cpu_share: number;
  memory_requested: Wide;
  memory_share: number;
  gpu_requested: Wide;
  gpu_share: number;
}

export interface FleetDocumentRow {
  model_id: number;
  document: string;
}

export interface PlaceRow {
  model_id: number;
  source_id: number;
  namespace: string;
  environment: string;
}

export interface AllocationRow {
  model_id: number;
  source_id: number;
  position: number;
  document: string;
}

export interface ClusterAllocationRow {
  source_id: number;
  position: number;
  document: string;
}

export interface ReleaseRow {
  source_id: number;
  namespace: string;
  model_name: string;
  release_id: string;
  started_at: string;
  verdict: string;
  document: string;
}

export interface LedgerModelRow {
  model_id: number;
  source_id: number;
  namespace: string;
  model_name: string;
}

/** A workflow that was started, or may have been: then without an answer. */
export interface DispatchRow {
  model_id: number;
  request_id: string;
  started_at: string;
  asked: string;
  answer: string | null;
}

export interface ReferrerRow {
  version_id: number;
  name: string;
  kind: string;
  artifact_type: string;
  first_seen_at: string;
}

/** A model in a cluster over an hour or a day. */
export interface HistoryRow {
  model_id: number;
  source_id: number;
  span: string;
  at: string;
  samples: number;
  desired: number;
  ready: number;
  least_ready: number;
  resources: string;
  /** Of the last days alone. */
  containers: string | null;
}

export interface TotalsRow {
  name: string;
  document: string;
}
