import type {
  Ledger,
  Node,
  Pod,
  PodMetrics,
  ResourceQuota,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { StoredWorkload } from './stored-workload';

export const USAGE_ORIGINS = ['metrics-api', 'kubelet', 'none'] as const;
export type UsageOrigin = (typeof USAGE_ORIGINS)[number];

export interface Usage {
  readonly origin: UsageOrigin;
  /** `null` reads "not available"; a pod left out was not measured. */
  readonly pods: readonly PodMetrics[] | null;
}

export interface SeenWorkload {
  readonly models: readonly number[];
  /** As its label says, whether some entity claims it or not. */
  readonly modelName: string | null;
  readonly stored: StoredWorkload;
  /** Pods that it owns, by name. */
  readonly podNames: ReadonlySet<string>;
}

/** The releases of a model in a namespace, and the entities that are this model. */
export interface SeenLedger {
  readonly namespace: string;
  readonly ledger: Ledger;
  readonly models: readonly number[];
}

/** All that one collection of a cluster brings, to be kept at once. */
export interface ClusterSnapshot {
  readonly workloads: readonly SeenWorkload[];
  readonly pods: readonly Pod[];
  readonly ledgers: readonly SeenLedger[] | 'forbidden';
  readonly nodes: readonly Node[] | 'forbidden';
  readonly quotas: readonly ResourceQuota[];
  readonly usage: Usage;
  /** Objects that could not be read, with the reason. */
  readonly skipped: readonly string[];
}
