import { object, optional, parseWith } from '../../parse/decoder';
import { findCondition } from '../conditions';
import { type Condition, conditions, metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

const definition = object({ metadata, status: optional(object({ conditions })) });

export function definitionHealth(value: unknown): Status {
  const { status } = parseWith(definition, value, 'CustomResourceDefinition');
  return refusedNames(findCondition(status?.conditions, 'NamesAccepted')) ?? served(status?.conditions);
}

/** It may have been established under other names once. */
function refusedNames(names: Condition | undefined): Status | undefined {
  if (names?.status !== 'False') return undefined;
  return verdict('Failed', names.reason ?? 'NamesNotAccepted', names.message ?? 'its names are taken');
}

function served(conditions: readonly Condition[] | undefined): Status {
  const established = findCondition(conditions, 'Established');
  if (established?.status === 'True') return verdict('Current', 'Established', 'the cluster serves it');
  const { reason = 'Installing', message = 'the cluster does not serve it yet' } = established ?? {};
  const isRefused = established?.status === 'False' && reason !== 'Installing';
  return verdict(isRefused ? 'Failed' : 'InProgress', reason, message);
}
