import { amountText, isExtended } from '../allocation/amount';
import { parseQuantity } from '../allocation/quantity';
import type { ResourceQuota } from '../workload/node';
import type { AllocationScope } from './allocation-answer';

export type QuotaUse = NonNullable<AllocationScope['quotas']>[number];

const PREFIX = /^(?:requests|limits)\./;

/** What a namespace's quotas allow of the resources that containers ask for, and how much of it is taken. */
export const quotaUses = (quotas: readonly ResourceQuota[], namespace: string): readonly QuotaUse[] =>
  quotas
    .filter(({ metadata }) => metadata.namespace === namespace)
    .flatMap(({ metadata, status, spec }) =>
      Object.entries(status?.hard ?? spec?.hard ?? {}).flatMap(([item, hard]) => {
        const resource = item.replace(PREFIX, '');
        if (!isShown(resource)) return [];
        const used = status?.used?.[item];
        return [
          {
            quota: metadata.name,
            item,
            resource,
            hard: amountText(resource, parseQuantity(hard).nano),
            used: used === undefined ? null : amountText(resource, parseQuantity(used).nano),
          },
        ];
      }),
    );

/** Counts of objects ("count/deployments.apps") say nothing of what containers get. */
const isShown = (resource: string): boolean =>
  ['cpu', 'memory', 'pods'].includes(resource) || (isExtended(resource) && !resource.startsWith('count/'));
