import { amountText, fairShareText, isAccelerator } from '../allocation/amount';
import { parseQuantity } from '../allocation/quantity';
import { ratio } from '../allocation/rational';
import type { AllocatedResource, AllocationScope } from './allocation-answer';
import type { ModelSummary } from './model-summary';

export type AllocationGlance = NonNullable<ModelSummary['allocation']>;

/** Every kind of accelerator together: a list of models has one column for them. */
export const GPU = 'gpu';

/**
 * A model's requests against its fair share over all clusters: the scopes of whole pools where a cluster
 * has them, else those of its namespaces, so that no container is counted twice.
 */
export function glanceAtAllocation(scopes: readonly AllocationScope[]): AllocationGlance {
  const pooled = new Set(scopes.filter(({ namespace }) => namespace === null).map(({ cluster }) => cluster));
  const counted = scopes.filter(({ cluster, namespace }) => namespace === null || !pooled.has(cluster));
  const parts = counted.flatMap(({ modelContainers, resources }) =>
    resources.map(resource => ({ modelContainers, ...resource })),
  );
  const dominant = Math.max(...counted.map(scope => scope.dominant?.ratio ?? -1), -1);
  const names = ['cpu', 'memory', ...(parts.some(({ resource }) => isAccelerator(resource)) ? [GPU] : [])];
  return {
    resources: names.map(name => sumResource(name, parts)),
    dominantShare: dominant < 0 ? null : dominant,
  };
}

type Part = Omit<AllocatedResource, 'modelContainers'> & { readonly modelContainers?: number | undefined };

function sumResource(name: string, parts: readonly Part[]): AllocationGlance['resources'][number] {
  const own = parts.filter(({ resource }) => (name === GPU ? isAccelerator(resource) : resource === name));
  const unit = name === GPU ? (own[0]?.resource ?? 'gpu/any') : name;
  const requested = sum(own.map(part => nanoOf(part.requested)));
  const shares = own.map(shareOf);
  const fair = shares.every(each => each !== null) ? sum(shares) : null;
  const used = own.every(part => part.used !== null) ? sum(own.map(part => nanoOf(part.used))) : null;
  const hasShare = fair !== null && own.length > 0;
  return {
    resource: name,
    requested: amountText(unit, requested),
    fairShare: hasShare ? fairShareText(unit, { numerator: fair, denominator: 1n }) : null,
    used: used === null || own.length === 0 ? null : amountText(unit, used),
    share: hasShare ? ratio(requested, fair) : null,
  };
}

/** n * R, worked out of T and N again, as the fair share on the wire is rounded; a device nobody uses gives 0. */
function shareOf({ total, containers, modelContainers = 0 }: Part): bigint | null {
  if (modelContainers === 0 || containers === 0) return 0n;
  return total === null ? null : (nanoOf(total) * BigInt(modelContainers)) / BigInt(containers);
}

const nanoOf = (amount: string | null): bigint => (amount === null ? 0n : parseQuantity(amount).nano);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, each) => total + each, 0n);
