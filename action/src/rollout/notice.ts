import {
  type Decoded,
  type MountFailure,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

const notice = object({
  metadata: object({ uid: optional(text), resourceVersion: optional(text) }),
  type: optional(text),
  reason: optional(text),
  message: optional(text),
  involvedObject: object({
    kind: optional(text),
    uid: optional(text),
    name: optional(text),
    namespace: optional(text),
  }),
});
/** What the cluster says about an object (Event of core/v1). */
export type Notice = Decoded<typeof notice>;
export const parseNotice = (value: unknown): Notice => parseWith(notice, value, 'Event');

/** What notices of these reasons are about, as `namespace/name`. */
const toldOf = (notices: readonly Notice[], reasons: readonly string[]): ReadonlySet<string> =>
  new Set(
    notices
      .filter(({ reason = '' }) => reasons.includes(reason))
      .map(({ involvedObject: { namespace = '', name = '' } }) => `${namespace}/${name}`),
  );

/** The claims that get their volume with their first pod. */
export const awaitingPod = (notices: readonly Notice[]): ReadonlySet<string> =>
  toldOf(notices, ['WaitForFirstConsumer']);

/** What the cluster autoscaler and Karpenter say of a pod for which they make a node. */
export const NODE_REASONS = ['TriggeredScaleUp', 'Nominated'];

/** The pods for which a node is on its way. */
export const awaitingNode = (notices: readonly Notice[]): ReadonlySet<string> =>
  toldOf(notices, NODE_REASONS);

const MOUNT_REASONS = ['FailedMount', 'FailedAttachVolume'];

/** Since when and until when pods were told not to get their volumes, by our own clock. */
export class MountTroubles {
  /** The cluster writes an event again each time that the same happens again. */
  readonly #versions = new Map<string, string | undefined>();
  readonly #failures = new Map<string, MountFailure>();

  /** By the pod's uid: a StatefulSet gives the names of its pods again. */
  observe(notices: readonly Notice[], now: number): ReadonlyMap<string, MountFailure> {
    for (const { metadata, reason = '', message = '', involvedObject } of notices) {
      const { uid } = involvedObject;
      if (!MOUNT_REASONS.includes(reason) || uid === undefined) continue;
      const event = metadata.uid ?? `${uid}/${reason}/${message}`;
      if (this.#versions.has(event) && this.#versions.get(event) === metadata.resourceVersion) continue;
      this.#versions.set(event, metadata.resourceVersion);
      this.#failures.set(uid, { message, since: this.#failures.get(uid)?.since ?? now, lastAt: now });
    }
    return this.#failures;
  }
}
