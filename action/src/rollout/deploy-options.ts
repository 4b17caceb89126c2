import type {
  Facts,
  FieldPath,
  Position,
  Reference,
  RolloutEvent,
  RunFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type {
  Clock,
  Discovery,
  KubernetesObject,
  LogReader,
  ObjectApplier,
  ObjectDeleter,
  ObjectPatcher,
  ObjectReader,
  ObjectWatcher,
  PodCaller,
  RawReader,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { GoldenCheck } from '../golden/golden-check';
import type { Footprint } from './fit';
import type { AppliedObject } from './apply';

/** What a rollout asks of a cluster. */
export interface RolloutCluster
  extends
    Discovery,
    ObjectReader,
    ObjectApplier,
    ObjectPatcher,
    ObjectDeleter,
    ObjectWatcher,
    LogReader,
    PodCaller,
    RawReader {
  readonly namespace: string;
}

export interface DeployOptions {
  readonly cluster: RolloutCluster;
  readonly objects: readonly KubernetesObject[];
  /** Where an object, or one of its fields, was written, as far as it was in a file. */
  readonly originOf?: ((object: KubernetesObject, path?: FieldPath) => Position | undefined) | undefined;
  /** What was pushed, with its digest: the workloads that name it are gated by it. */
  readonly image: Reference;
  /** What the image takes, where that is known; without it, it is not compared. */
  readonly footprint?: Footprint | undefined;
  readonly clock: Clock;
  /** For objects that name no namespace; default: that of the kubeconfig's context. */
  readonly namespace?: string | undefined;
  readonly environment?: string | undefined;
  /** Stamped on the metadata of the workloads that run the image. */
  readonly runFacts?: RunFacts | undefined;
  /** What the model has to say of itself; nothing where this run did not make the image. */
  readonly modelVersion?: string | undefined;
  /** What its pods have to answer before the release is healthy; nothing where they are not asked. */
  readonly golden?: GoldenCheck | undefined;
  /** Takes fields from other managers instead of stopping at them; default false. */
  readonly forceConflicts?: boolean | undefined;
  /** The model whose objects are kept as a set, so that those which a healthy release has no more are deleted. */
  readonly applySet?: string | undefined;
  /** What the run knows beside the cluster, should it come to a diagnosis. */
  readonly known?: Facts | undefined;
  /** Wait for a verdict; default true. */
  readonly wait?: boolean | undefined;
  /** Default: the longest `progressDeadlineSeconds` and a minute. */
  readonly timeoutMs?: number | undefined;
  /** A step of the release that is worth a line. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** What the user should know of a run that goes on. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Called when all is applied, before it is waited for. */
  readonly onApplied?: ((applied: readonly AppliedObject[]) => Promise<void>) | undefined;
  /** Each change of an object's health, as it is seen. */
  readonly onEvent?: ((event: RolloutEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A deploy that is told in the ledger of its model. */
export interface ReleaseOptions extends DeployOptions {
  readonly runFacts: RunFacts;
  /** Who holds the model's lease meanwhile: unlike that of any other step; default: the address of the run. */
  readonly holder?: string | undefined;
  /** What to do with a release that failed; default: `never`, the input's is `on-failure`. */
  readonly rollback?: 'on-failure' | 'never' | undefined;
  /** Called before a lease is taken, and before the ledger is told, so that the post step can end what was killed. */
  readonly onRecorded?: ((recorded: RecordedRelease) => void) | undefined;
}

/** Where a release is told of, and under which id once it is. */
export interface RecordedRelease {
  readonly id?: string | undefined;
  readonly model: string;
  readonly namespace: string;
}
