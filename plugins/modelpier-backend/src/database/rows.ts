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
}

export interface RepositoryRow {
  id: number;
  registry: string;
  path: string;
  state: SourceState;
  message: string | null;
  observed_at: string | null;
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
  document: string;
}

export interface PodRow {
  source_id: number;
  namespace: string;
  name: string;
  workload_id: number | null;
  document: string;
}

/** A node, a quota or a usage reading of a cluster; the namespace of a node is empty. */
export interface ObservedRow {
  source_id: number;
  namespace: string;
  name: string;
  document: string;
}
