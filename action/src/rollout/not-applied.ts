import {
  type Fault,
  formatFieldPath,
  formatObjectRef,
  ModelpierError,
  parseFieldPath,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import type { DeployOptions } from './deploy-options';
import { faultOf } from './fault';
import { refOf } from './object-ref';

/** An object that may not be applied, and why. */
export interface Refusal {
  readonly object: KubernetesObject;
  readonly error: ModelpierError;
}

type Origins = Pick<DeployOptions, 'originOf'>;

/** Places of more faults than these are not repeated in the message. */
const SHOWN_PLACES = 5;

/** One error that tells of every refused object, with the lines that are to blame. */
export function notApplied(refused: readonly Refusal[], { originOf }: Origins): ModelpierError {
  const [first, ...others] = refused;
  const told = refused.map(({ object, error }) => ({ error, faults: faultsOf({ object, error }, originOf) }));
  const messages = told.map(({ error, faults }) => `${error.message}${shownPlaces(error, faults)}`);
  const hints = new Set(refused.flatMap(({ error }) => error.hint ?? []));
  return new ModelpierError(first?.error.code ?? 'upstream', `${messages.join('; ')}; nothing was applied`, {
    hint: hints.size === 0 ? undefined : [...hints].join('; '),
    cause: others.length === 0 ? first?.error : new AggregateError(refused.map(({ error }) => error)),
    faults: told.flatMap(({ faults }) => faults),
  });
}

function faultsOf({ object, error }: Refusal, originOf: Origins['originOf']): readonly Fault[] {
  if (error.faults.length === 0) return [faultOf(object, error.message, originOf)];
  return error.faults.map(({ path, message, at }) => {
    const steps = parseFieldPath(path);
    return {
      path: `${formatObjectRef(refOf(object))} ${formatFieldPath(steps)}`,
      message,
      at: at ?? originOf?.(object, steps),
    };
  });
}

/** ` (deploy/api.yaml:3)`, for errors that do not say so themselves. */
function shownPlaces(error: ModelpierError, faults: readonly Fault[]): string {
  if (error.faults.some(({ at }) => at !== undefined)) return '';
  const places = new Set(faults.flatMap(({ at }) => (at === undefined ? [] : [`${at.file}:${at.line}`])));
  return places.size === 0 ? '' : ` (${[...places].slice(0, SHOWN_PLACES).join(', ')})`;
}
