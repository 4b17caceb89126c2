import {
  type Fault,
  formatObjectRef,
  hasCode,
  ModelpierError,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { refOf } from './object-ref';

/** What runs once, so that the server lets little of it be changed. */
const RUN_ONCE: ReadonlyMap<string, string> = new Map([
  ['Job', 'cannot be changed once a Job is made'],
  ['Pod', 'cannot be changed once a Pod is made, except for its images'],
]);

/** Of a field, and of a pod's fields but a few. */
const UNCHANGEABLE = /: field is immutable$|^(Forbidden: )?pod updates may not change fields other than/;

/** What cannot be changed and the way out, in place of the server's words: they print the whole template, values and all. */
export function explainRunOnce(object: KubernetesObject, error: ModelpierError): ModelpierError {
  const words = RUN_ONCE.get(object.kind);
  const isHit = hasCode(error, 'invalid-document') && error.faults.some(isUnchangeable);
  if (words === undefined || !isHit) return error;
  const { kind, name, namespace = 'default' } = refOf(object);
  const faults = error.faults.map(fault => (isUnchangeable(fault) ? { ...fault, message: words } : fault));
  const told = faults.map(({ path, message }) => `${path} ${message}`).join('; ');
  return new ModelpierError(error.code, `apply ${formatObjectRef(refOf(object))}: INVALID: ${told}`, {
    hint:
      `put the version into its name, so that each release makes a ${kind} of its own, or delete it before the ` +
      `release: kubectl delete ${kind.toLowerCase()} ${name} --namespace ${namespace}`,
    faults,
  });
}

const isUnchangeable = ({ message }: Fault): boolean => UNCHANGEABLE.test(message);
