import {
  type Applied,
  type ApplyAction,
  type Digest,
  type ObjectRef,
  type Progress,
  type Reference,
  templateContainers,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { AppliedObject } from './apply';
import { refOf } from './object-ref';
import { isWorkload } from './selections';

/** An applied object while its health is awaited. */
export interface Tracked {
  readonly ref: ObjectRef;
  readonly action: ApplyAction;
  /** Kept fresh by a watch; others are read again until they are Current. */
  readonly isWatched: boolean;
  /** The containers that have to run the pushed digest. */
  readonly digests: Readonly<Record<string, Digest>>;
  applied: Applied;
  /** How far its rollout has come, as far as anyone looks at that. */
  progress: Progress | undefined;
  object: KubernetesObject | undefined;
}

export const track = ({ object, action, applied }: AppliedObject, image: Reference): Tracked => ({
  ref: refOf(object),
  action,
  isWatched: isWorkload(object),
  digests: digestsOf(object, image),
  applied,
  progress: undefined,
  object,
});

function digestsOf(object: KubernetesObject, { digest }: Reference): Readonly<Record<string, Digest>> {
  if (digest === undefined) return {};
  const running = templateContainers(object).filter(({ image }) => image?.endsWith(`@${digest}`));
  return Object.fromEntries(running.map(({ name }) => [name, digest]));
}

/** Whether a container of the object's pods names the pushed digest. */
export const runsImage = (object: KubernetesObject, image: Reference): boolean =>
  Object.keys(digestsOf(object, image)).length > 0;
