import {
  count,
  type Decoded,
  hasCode,
  leaseName,
  ledgerLabels,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { createHash } from 'node:crypto';
import { type LedgerPlace, writeOver } from './place';

/** A run that has not renewed the lease for so long is taken for dead. */
export const LEASE_SECONDS = 60;

const leaseSpec = object({
  holderIdentity: optional(text),
  leaseDurationSeconds: optional(count),
  acquireTime: optional(text),
  renewTime: optional(text),
  leaseTransitions: optional(count),
});
type LeaseSpec = Decoded<typeof leaseSpec>;
const leaseObject = object({ spec: optional(leaseSpec) });

/** The lease as it was read, and what is needed to write over just that. */
export interface SeenLease {
  readonly live: KubernetesObject | undefined;
  readonly spec: LeaseSpec;
}

export async function readLease(place: LedgerPlace, waiting: Waiting): Promise<SeenLease> {
  const { cluster, namespace, model } = place;
  const ref = { apiVersion: API_VERSION, kind: 'Lease', namespace, name: leaseName(model) };
  const live = await cluster.getObject(ref, waiting);
  return seen(live);
}

const seen = (live: KubernetesObject | undefined): SeenLease => ({
  live,
  spec: live === undefined ? {} : (parseWith(leaseObject, live, `Lease/${live.metadata.name}`).spec ?? {}),
});

/** Nobody holds it: it is new, or its last holder gave it back. */
export const isFree = ({ spec }: SeenLease): boolean => (spec.holderIdentity ?? '') === '';

export interface LeaseWrite extends Waiting {
  readonly holder: string;
  readonly now: number;
  readonly spec: LeaseSpec;
}

/** Writes the lease over what was seen; nothing where somebody else was faster. */
export async function writeLease(
  place: LedgerPlace,
  { live }: SeenLease,
  { holder, now, spec, signal }: LeaseWrite,
): Promise<SeenLease | undefined> {
  const { namespace, model } = place;
  const lease: KubernetesObject = {
    apiVersion: API_VERSION,
    kind: 'Lease',
    metadata: { name: leaseName(model), namespace, labels: ledgerLabels(model) },
    spec: { leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime(now), ...spec },
  };
  try {
    return seen(await writeOver(place, lease, { live, creator: creatorOf(holder), signal }));
  } catch (error) {
    if (hasCode(error, 'conflict')) return undefined;
    throw error;
  }
}

const API_VERSION = 'coordination.k8s.io/v1';

/** Short and printable, as a field manager must be (at most 128 characters). */
export const creatorOf = (holder: string): string =>
  `modelpier-${createHash('sha256').update(holder).digest('hex').slice(0, 12)}`;

/** Kubernetes' MicroTime has six digits of a second, and refuses others. */
export const microTime = (now: number): string => `${new Date(now).toISOString().slice(0, -1)}000Z`;
