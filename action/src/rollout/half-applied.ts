import { formatObjectRef, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { AppliedObject } from './apply';
import { refOf } from './object-ref';

/** An apply that ended in the middle: some objects are as the release wants them, and others are not. */
export class HalfAppliedError extends ModelpierError {
  readonly applied: readonly AppliedObject[];

  constructor(cause: ModelpierError, applied: readonly AppliedObject[]) {
    super(cause.code, `${cause.message}; ${toldOf(applied)}`, {
      hint: cause.hint,
      cause: cause.cause,
      faults: cause.faults,
    });
    this.applied = applied;
  }
}

function toldOf(applied: readonly AppliedObject[]): string {
  const changed = applied.filter(({ action }) => action !== 'unchanged');
  if (changed.length === 0) return 'nothing was changed before';
  const shown = changed.map(({ object, action }) => `${formatObjectRef(refOf(object))} (${action})`);
  return `applied before: ${shown.join(', ')}`;
}
