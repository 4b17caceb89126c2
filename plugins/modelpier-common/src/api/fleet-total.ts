import { amountText, fairShareText, isAccelerator } from '../allocation/amount';
import { parseQuantity } from '../allocation/quantity';
import { ratio, type Rational } from '../allocation/rational';
import type { AllocatedResource } from './allocation-answer';
import { GPU } from './allocation-glance';
import type { FleetAllocation } from './fleet';

/** R = T / N over all clusters, and the models' part in it; amounts as in an allocation scope. */
export interface FleetTotal {
  readonly resource: string;
  /** T. */
  readonly total: string;
  /** N. */
  readonly containers: number;
  /** R; `null` where no container runs, or there is none of the resource. */
  readonly fairShare: string | null;
  /** n: the models' containers. */
  readonly modelContainers: number;
  /** A. */
  readonly requested: string;
  /** A / (n * R). */
  readonly share: number | null;
  /** A / T. */
  readonly ofTotal: number | null;
  readonly clusters: number;
  /** Clusters whose nodes cannot be read: they are in none of the figures. */
  readonly unreadClusters: number;
}

type Scope = FleetAllocation['scopes'][number];

/** Pools of a cluster share no node, so that nothing is counted twice. `gpu` stands for every accelerator. */
export function sumFleetAllocation(scopes: readonly Scope[], resource: string): FleetTotal {
  const read = scopes.filter(({ nodes }) => nodes !== null);
  const parts = read.flatMap(scope => partsOf(scope, resource));
  const unit = resource === GPU ? 'gpu/any' : resource;
  const total = sum(parts.map(part => nanoOf(part.total)));
  const containers = parts.reduce((all, part) => all + part.containers, 0);
  const modelContainers = parts.reduce((all, part) => all + part.modelContainers, 0);
  const requested = sum(parts.map(part => nanoOf(part.requested)));
  const fair: Rational | null =
    containers === 0 || total === 0n ? null : { numerator: total, denominator: BigInt(containers) };
  return {
    resource,
    total: amountText(unit, total),
    containers,
    fairShare: fair === null ? null : fairShareText(unit, fair),
    modelContainers,
    requested: amountText(unit, requested),
    share:
      fair === null ? null : ratio(requested * fair.denominator, BigInt(modelContainers) * fair.numerator),
    ofTotal: ratio(requested, total),
    clusters: countClusters(scopes),
    unreadClusters: countClusters(scopes) - countClusters(read),
  };
}

function partsOf({ resources, modelContainers = 0 }: Scope, name: string) {
  const own = resources.filter(({ resource }) =>
    name === GPU ? isAccelerator(resource) : resource === name,
  );
  return own.map((part: AllocatedResource) => ({
    ...part,
    modelContainers: part.modelContainers ?? modelContainers,
  }));
}

const countClusters = (scopes: readonly Scope[]): number =>
  new Set(scopes.map(({ cluster }) => cluster)).size;
const nanoOf = (amount: string | null): bigint => (amount === null ? 0n : parseQuantity(amount).nano);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, each) => total + each, 0n);
