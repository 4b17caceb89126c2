import {
  type Allocation,
  type AllocationBasis,
  computeAllocation,
  dominantShare,
} from '../allocation/allocation';
import { amountText, fairShareText, isAccelerator, isExtended } from '../allocation/amount';
import { type ModelPart, sumModelPart } from '../allocation/model-part';
import { createUsageReader, type PodMetrics, type UsageReader } from '../allocation/pod-metrics';
import { countedContainers } from '../allocation/pod-request';
import { parseQuantity } from '../allocation/quantity';
import {
  type ClusterState,
  countContainers,
  type ModelPod,
  type Scope,
  type ScopeBounds,
  selectScope,
  totalOf,
} from '../allocation/scope';
import type { ResourceList } from '../workload/pod';
import type { AllocatedResource, AllocationScope } from './allocation-answer';
import { allocateContainers } from './container-allocation';
import type { FleetAllocation } from './fleet';
import { quotaUses } from './quota-use';

/** What the collectors know of one part of a cluster. */
export interface AllocationQuestion extends ClusterState, ScopeBounds {
  readonly cluster: string;
  readonly observedAt: string;
  /** Pods of the model; those out of the bounds are passed over. */
  readonly modelPods: readonly ModelPod[];
  /** `null` where the cluster has no metrics API, or it cannot be read. */
  readonly usage: readonly PodMetrics[] | null;
  readonly basis?: AllocationBasis | undefined;
}

/** R = T / N and a model's part in it, resource by resource and container by container. */
export function computeModelAllocation(question: AllocationQuestion): AllocationScope {
  const { cluster, namespace, pool, observedAt } = question;
  const scope = selectScope(question, question.modelPods, question);
  const usage = createUsageReader(question.usage);
  const allocated = resourcesOf(scope).map(resource =>
    allocate(resource, scope, { usage, basis: question.basis }),
  );
  const modelContainers = countContainers(podsOf(scope), 'cpu');
  const quotas = namespace === null ? [] : quotaUses(question.quotas, namespace);
  return {
    cluster,
    namespace,
    pool,
    observedAt,
    ...howCounted(question),
    nodes: countNodes(scope),
    modelContainers,
    resources: allocated.map(each => toWire(each, modelContainers)),
    dominant: modelContainers === 0 ? null : dominantShare(allocated.map(toDominance)),
    containers: allocateContainers(scope.modelPods, usage, allocated),
    ...(quotas.length > 0 && { quotas }),
  };
}

/** As `computeModelAllocation`, with the pods of every model as if they were one. */
export function computeFleetAllocation(
  question: Omit<AllocationQuestion, 'namespace'> & { readonly models: number },
): FleetAllocation['scopes'][number] {
  const { cluster, pool, observedAt, models } = question;
  const scope = selectScope(question, question.modelPods, { ...question, namespace: null });
  const usage = createUsageReader(question.usage);
  const modelContainers = countContainers(podsOf(scope), 'cpu');
  return {
    cluster,
    pool,
    observedAt,
    ...howCounted(question),
    nodes: countNodes(scope),
    models,
    modelContainers,
    resources: resourcesOf(scope).map(resource =>
      toWire(allocate(resource, scope, { usage, basis: question.basis }), modelContainers),
    ),
  };
}

/** What is not as usual. */
const howCounted = ({ basis, minusSystem }: Pick<AllocationQuestion, 'basis' | 'minusSystem'>) => ({
  ...(basis !== undefined && { basis }),
  ...(minusSystem === true && { minusSystem }),
});

interface Allocated extends Allocation {
  readonly resource: string;
  readonly total: bigint | null;
  readonly containers: number;
  readonly part: ModelPart;
}

function allocate(
  resource: string,
  scope: Scope,
  measure: { readonly usage: UsageReader; readonly basis: AllocationBasis | undefined },
): Allocated {
  const part = sumModelPart(podsOf(scope), resource, measure);
  const total = totalOf(scope, resource);
  const containers = countContainers(scope.pods, resource);
  return { ...computeAllocation({ total, containers, model: part }), resource, total, containers, part };
}

function toWire(
  { resource, total, containers, part, fairShare, reason, share, efficiency, ofTotal }: Allocated,
  modelContainers: number,
): AllocatedResource {
  const amount = (nano: bigint | null): string | null => (nano === null ? null : amountText(resource, nano));
  return {
    resource,
    total: amount(total),
    containers,
    ...(part.containers !== modelContainers && { modelContainers: part.containers }),
    fairShare: fairShare === null ? null : fairShareText(resource, fairShare),
    ...(reason !== undefined && { reason }),
    requested: amountText(resource, part.requested),
    ...(part.allocated !== undefined && { allocated: amountText(resource, part.allocated) }),
    limited: amount(part.limited),
    used: amount(part.used?.amount ?? null),
    ...(part.used !== null &&
      part.measuredContainers < part.containers && { measuredContainers: part.measuredContainers }),
    share,
    efficiency,
    ofTotal,
    bestEffort: part.bestEffort,
  };
}

const toDominance = ({ resource, ofTotal }: Allocated): { resource: string; ratio: number | null } => ({
  resource,
  ratio: ofTotal,
});
const podsOf = ({ modelPods }: Scope): readonly ModelPod['pod'][] => modelPods.map(({ pod }) => pod);
const countNodes = ({ nodes }: Scope): number | null => (nodes === 'forbidden' ? null : nodes.length);

/** CPU and memory always; accelerators that are there, and whatever devices the model asks for. */
function resourcesOf(scope: Scope): readonly string[] {
  const nodes = scope.nodes === 'forbidden' ? [] : scope.nodes;
  const offered = nodes.flatMap(({ status }) => namesOf(status?.allocatable).filter(isAccelerator));
  const requested = podsOf(scope)
    .flatMap(({ spec }) => countedContainers(spec))
    .flatMap(({ resources }) => [...namesOf(resources?.requests), ...namesOf(resources?.limits)])
    .filter(isExtended);
  return ['cpu', 'memory', ...[...new Set([...offered, ...requested])].sort()];
}

/** The resources of which there is any. */
const namesOf = (amounts: ResourceList = {}): readonly string[] =>
  Object.keys(amounts).filter(resource => parseQuantity(amounts[resource] ?? '0').nano > 0n);
