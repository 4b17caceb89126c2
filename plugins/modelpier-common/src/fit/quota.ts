import { amountText } from '../allocation/amount';
import { podLimit, podRequest } from '../allocation/pod-request';
import { NANO_PER_UNIT, parseQuantity } from '../allocation/quantity';
import { formatAmount, formatCount } from '../format';
import type { ResourceQuota } from '../workload/node';
import type { PodSpec } from '../workload/pod';
import type { FitFinding } from './finding';
import type { FitWorkload } from './workload';

/** The pods of a workload against what the namespace may take; quotas with a scope limit some pods only. */
export const checkQuotas = (workload: FitWorkload, quotas: readonly ResourceQuota[]): readonly FitFinding[] =>
  quotas
    .filter(({ spec }) => (spec?.scopes ?? []).length === 0 && spec?.scopeSelector === undefined)
    .flatMap(quota =>
      Object.entries(quota.status?.hard ?? quota.spec?.hard ?? {}).flatMap(([item, hard]) => {
        const finding = checkItem(workload, quota, { item, hard: parseQuantity(hard).nano });
        return finding === undefined ? [] : [{ ...finding, object: workload.ref }];
      }),
    );

interface Item {
  /** `requests.cpu`, `limits.memory`, `pods`. */
  readonly item: string;
  readonly hard: bigint;
}

type Said = Omit<FitFinding, 'object'>;

function checkItem(workload: FitWorkload, quota: ResourceQuota, { item, hard }: Item): Said | undefined {
  const counted = countedBy(item);
  if (counted === undefined) return undefined;
  const name = `the ResourceQuota ${quota.metadata.name}`;
  const each = counted.of(workload.pod);
  if (each === undefined) {
    return {
      severity: 'refusal',
      message: `${name} counts ${item}, and a container says nothing of it, so that its pods are kept out`,
      remedy: `set resources.${item} of every container`,
    };
  }
  const used = parseQuantity(quota.status?.used?.[item] ?? '0').nano;
  const figures = { name, item, each, used, hard, shown: counted.shown };
  return checkSum(workload, counted, figures) ?? checkRollout(workload, figures);
}

interface Figures {
  readonly name: string;
  readonly item: string;
  /** What one new pod adds. */
  readonly each: bigint;
  readonly used: bigint;
  readonly hard: bigint;
  readonly shown: (nano: bigint) => string;
}

/** All the pods that are wanted, beside what others use. */
function checkSum({ live, replicas = 1 }: FitWorkload, counted: Counted, figures: Figures): Said | undefined {
  const { name, item, each, used, hard, shown } = figures;
  const own = live === undefined ? 0n : (counted.of(live.pod) ?? 0n) * BigInt(live.replicas);
  const others = used > own ? used - own : 0n;
  const all = each * BigInt(replicas);
  const asks = `${formatCount(replicas, 'pod asks', 'pods ask')} for ${shown(all)} of ${item}`;
  const lower = /^(?:count\/)?pods$/.test(item) ? 'replicas' : `resources.${item} or replicas`;
  const remedy = `lower ${lower}, or raise the ResourceQuota`;
  if (all > hard)
    return { severity: 'refusal', message: `${asks}, and ${name} allows ${shown(hard)} in all`, remedy };
  if (others + all <= hard) return undefined;
  const message = `${asks}; others use ${shown(others)} of the ${shown(hard)} that ${name} allows`;
  return { severity: 'warning', message, remedy };
}

/** The first new pod beside all the old ones, where none of them goes before it is there. */
function checkRollout({ live, stopsFirst }: FitWorkload, figures: Figures): Said | undefined {
  const { name, item, each, used, hard, shown } = figures;
  if (live === undefined || stopsFirst || used + each <= hard) return undefined;
  const left = hard > used ? hard - used : 0n;
  return {
    severity: 'warning',
    message:
      `a new pod asks for ${shown(each)} of ${item} beside the old ones, which leave ${shown(left)} ` +
      `of the ${shown(hard)} that ${name} allows: the rollout would stand still`,
    remedy: 'let maxUnavailable be 1 or more, or raise the ResourceQuota',
  };
}

interface Counted {
  readonly of: (pod: PodSpec) => bigint | undefined;
  readonly shown: (nano: bigint) => string;
}

/** What a pod adds to an item of a quota; nothing for items that are not about pods. */
function countedBy(item: string): Counted | undefined {
  if (item === 'pods' || item === 'count/pods') {
    return { of: () => NANO_PER_UNIT, shown: nano => String(nano / NANO_PER_UNIT) };
  }
  const [side, resource] =
    /^(?:(limits|requests)\.)?(cpu|memory|ephemeral-storage|[^/]+\/[^/]+)$/.exec(item)?.slice(1) ?? [];
  if (resource === undefined || item.startsWith('count/')) return undefined;
  const isExtended = resource.includes('/');
  return {
    of: pod => {
      if (side === 'limits') return podLimit(pod, resource);
      return isExtended || isRequested(pod, resource) ? podRequest(pod, resource) : undefined;
    },
    shown: nano => formatAmount(resource, amountText(resource, nano)),
  };
}

const isRequested = ({ containers, resources }: PodSpec, resource: string): boolean =>
  resources?.requests?.[resource] !== undefined ||
  containers.every(each => (each.resources?.requests ?? each.resources?.limits)?.[resource] !== undefined);
