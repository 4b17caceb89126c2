import { type Decoded, object, optional, parseWith, text } from '../../parse/decoder';
import type { HealthContext } from '../health-context';
import { metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

const claim = object({
  metadata,
  spec: optional(object({ storageClassName: optional(text) })),
  status: optional(object({ phase: optional(text) })),
});
type Claim = Decoded<typeof claim>;

/** The fields of a StorageClass that a claim's health depends on (Kubernetes API storage.k8s.io/v1). */
const storageClass = object({ metadata, volumeBindingMode: optional(text) });
export type StorageClass = Decoded<typeof storageClass>;
export const parseStorageClass = (value: unknown): StorageClass =>
  parseWith(storageClass, value, 'StorageClass');

export function claimHealth(value: unknown, context: HealthContext): Status {
  const parsed = parseWith(claim, value, 'PersistentVolumeClaim');
  const phase = parsed.status?.phase ?? 'Pending';
  if (phase === 'Bound') return verdict('Current', 'Bound', 'it has its volume');
  if (phase === 'Lost') return verdict('Failed', 'Lost', 'its volume is gone, and with it what it held');
  // Its pod comes only after it: to wait for the volume first would be to wait for ever.
  if (waitsForPod(parsed, context)) {
    return verdict('Current', 'WaitForFirstConsumer', 'it gets its volume with the first pod that uses it');
  }
  return verdict('InProgress', 'NotBound', 'it has no volume yet');
}

/** By its class where that may be read, else by what the cluster said in an event. */
function waitsForPod({ metadata: { name, namespace }, spec }: Claim, context: HealthContext): boolean {
  const { storageClasses = [], claimsAwaitingPod } = context;
  const own = storageClasses.find(each => each.metadata.name === spec?.storageClassName);
  if (own !== undefined) return own.volumeBindingMode === 'WaitForFirstConsumer';
  return claimsAwaitingPod?.has(`${namespace ?? ''}/${name}`) ?? false;
}
