import { formatObjectRef, health, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  Clock,
  Discovery,
  KubernetesObject,
  ObjectReader,
  Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { broughtKinds, isDefinition } from './brought-kinds';
import { refOf } from './object-ref';

/** A definition is served within a second or two, unless its names are taken. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** Whether later objects cannot be applied before this one is well. */
export const isGroundwork = (object: KubernetesObject): boolean =>
  isDefinition(object) || (object.apiVersion === 'v1' && object.kind === 'Namespace');

interface Ground extends Waiting {
  readonly cluster: ObjectReader & Discovery;
  readonly clock: Clock;
}

/** Waits until each is well and the kinds that they bring are served; throws where one never will be. */
export async function awaitGroundwork(objects: readonly KubernetesObject[], ground: Ground): Promise<void> {
  const until = ground.clock.now() + PATIENCE_MS;
  for (const object of objects) await awaitOne(object, until, ground);
}

async function awaitOne(
  applied: KubernetesObject,
  until: number,
  { cluster, clock, signal }: Ground,
): Promise<void> {
  const ref = refOf(applied);
  let object: KubernetesObject | undefined = applied;
  for (;;) {
    const { state, reason, message } = health(object, { now: clock.now() });
    const standing = `${formatObjectRef(ref)} is ${state} (${reason}): ${message}`;
    if (state === 'Failed') throw notReady('unhealthy', standing);
    if (state === 'Current' && (await areServed(applied, cluster, { signal }))) return;
    if (clock.now() >= until) throw notReady('timeout', standing);
    await clock.sleep(LOOK_EVERY_MS, signal);
    object = await cluster.getObject(ref, { signal });
  }
}

const notReady = (code: 'unhealthy' | 'timeout', standing: string): ModelpierError =>
  new ModelpierError(code, `wait for what others stand on: ${standing}`, {
    hint: 'mend it and release again',
  });

async function areServed(
  definition: KubernetesObject,
  discovery: Discovery,
  waiting: Waiting,
): Promise<boolean> {
  for (const { apiVersion, kind } of broughtKinds([definition])) {
    if ((await discovery.servedKind(apiVersion, kind, waiting)) === undefined) return false;
  }
  return true;
}
