import { object, optional, parseWith, text } from '../../parse/decoder';
import type { Status } from '../status';
import { verdict } from '../verdict';

const namespace = object({ status: optional(object({ phase: optional(text) })) });

export function namespaceHealth(value: unknown): Status {
  const { phase } = parseWith(namespace, value, 'Namespace').status ?? {};
  return phase === 'Active'
    ? verdict('Current', 'Active', 'it is there')
    : verdict('InProgress', phase ?? 'NotActive', 'it is not active yet');
}
