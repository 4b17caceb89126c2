import {
  automaticTarget,
  describeRelease,
  formatObjectRef,
  type ObjectRef,
  parseReference,
  type ReportedDeployment,
  type ReportedRollback,
  type RollbackTarget,
  shortDiagnosis,
  type RunFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BegunRelease } from '../ledger/begin-release';
import { readManifests } from '../ledger/stored-manifests';
import type { ReleaseOptions } from './deploy-options';
import { refOf } from './object-ref';
import { type Prepared, prepareRollout } from './prepare';
import { placeOf } from './recorded-release';
import { isStopped } from './release-end';
import { rollOut } from './roll-out';
import { freeStuckPods } from './stuck-pods';
import type { Return } from './taken-back';

/**
 * Applies the manifests of the last healthy release again and waits for them by the same rules, with a time of its
 * own. Never loops: whatever comes of it is told. Throws only where the run is being stopped.
 */
export async function rollBack(
  { ledger, record }: BegunRelease,
  failed: Prepared,
  options: ReleaseOptions,
): Promise<Return> {
  if (options.rollback !== 'on-failure') return {};
  const target = automaticTarget(ledger, record);
  if (typeof target === 'string') return { notRolledBack: target };
  options.onNote?.(`rolling back to ${describeRelease(target)}`);
  try {
    const back = { ...(await optionsFor(target, options)), wait: true };
    const prepared = await prepareRollout(back);
    const rolledBack = await rollOut(prepared, back);
    return { rollback: { ...report(target, rolledBack), left: leftBy(failed, rolledBack) } };
  } catch (error) {
    if (isStopped(error, options)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return {
      rollback: { ...linkOf(target), outcome: 'failed', reason, objects: [], timeline: [], left: [] },
    };
  }
}

/** A run that is told by an earlier release what to apply. */
export interface RollbackBase extends Omit<ReleaseOptions, 'objects' | 'image' | 'runFacts'> {
  readonly runFacts: Pick<RunFacts, 'model' | 'runUrl' | 'actor'>;
}

/** The same run, with the image and the manifests of an earlier release. */
export async function optionsFor<T extends RollbackBase>(
  target: RollbackTarget,
  options: T,
): Promise<T & ReleaseOptions> {
  const { clock, runFacts, signal } = options;
  const { version, image, commit, environment } = target;
  return {
    ...options,
    objects: await readManifests(placeOf(options), target.manifests, { signal }),
    onApplied: applied => freeStuckPods(applied, options),
    // What the run knows of its own files says nothing of what is gone back to.
    ...{ originOf: undefined, footprint: undefined, known: undefined, golden: undefined },
    image: parseReference(image),
    // That release may have been a promotion, whose image says the version it was built under.
    modelVersion: undefined,
    environment,
    runFacts: {
      ...runFacts,
      version,
      image,
      commit,
      environment,
      deployedAt: new Date(clock.now()).toISOString(),
    },
  };
}

const linkOf = ({ id, version, image }: RollbackTarget) => ({ to: { id, version }, image });

function report(
  target: RollbackTarget,
  { status, objects, timeline, diagnosis }: ReportedDeployment,
): Omit<ReportedRollback, 'left'> {
  const isHealthy = status === 'healthy' || status === 'unchanged';
  const unwell = objects.filter(({ status: { state } }) => state !== 'Current');
  return {
    ...linkOf(target),
    outcome: isHealthy ? 'healthy' : 'failed',
    ...(!isHealthy && {
      reason:
        shortDiagnosis(diagnosis ?? []) ??
        unwell.map(({ ref, status: { message } }) => `${formatObjectRef(ref)}: ${message}`).join('; '),
    }),
    objects,
    timeline,
  };
}

/** What the failed release created and the one before neither has nor pruned. */
function leftBy(failed: Prepared, { objects }: ReportedDeployment): readonly ObjectRef[] {
  const known = new Set(objects.map(({ ref }) => keyOf(ref)));
  return failed.previews
    .filter(({ live, object }) => live === undefined && !known.has(keyOf(refOf(object))))
    .map(({ object }) => refOf(object));
}

const keyOf = ({ kind, namespace = '', name }: ObjectRef): string => `${kind}/${namespace}/${name}`;
