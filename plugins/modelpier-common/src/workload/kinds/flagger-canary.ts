import { object, optional, parseWith } from '../../parse/decoder';
import { findCondition } from '../conditions';
import { conditions, metadata } from '../metadata';
import type { Status } from '../status';
import { verdict } from '../verdict';

const canary = object({ metadata, status: optional(object({ conditions })) });

/** `Initialized` is the end of a first release, which has nothing to be compared with. */
const DONE = ['Succeeded', 'Initialized'];

/** Flagger's Canary (flagger.app/v1beta1) says in one condition how far a release has come. */
export function canaryHealth(value: unknown): Status {
  const { status } = parseWith(canary, value, 'Canary');
  const { reason = 'Waiting', message = 'it has not begun yet' } =
    findCondition(status?.conditions, 'Promoted') ?? {};
  if (reason === 'Failed') return verdict('Failed', reason, message);
  return verdict(DONE.includes(reason) ? 'Current' : 'InProgress', reason, message);
}
