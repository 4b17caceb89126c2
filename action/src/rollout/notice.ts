import {
  type Decoded,
  type MountFailure,
  object,
  optional,
  parseWith,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

const notice = object({
  metadata: object({ uid: optional(text) }),
  type: optional(text),
  reason: optional(text),
  message: optional(text),
  involvedObject: object({ kind: optional(text), name: optional(text), namespace: optional(text) }),
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

/** Since when is by our own clock: the first time the event was seen. */
export class MountTroubles {
  readonly #since = new Map<string, number>();

  observe(notices: readonly Notice[], now: number): Readonly<Record<string, MountFailure>> {
    const failures: Record<string, MountFailure> = {};
    for (const { metadata, reason, message = '', involvedObject } of notices) {
      if (!MOUNT_REASONS.includes(reason ?? '') || involvedObject.name === undefined) continue;
      const id = metadata.uid ?? involvedObject.name;
      const since = this.#since.get(id) ?? now;
      this.#since.set(id, since);
      failures[involvedObject.name] = { message, since };
    }
    return failures;
  }
}
