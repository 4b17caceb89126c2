import type { State, Status } from './status';

export const verdict = (state: State, reason: string, message: string): Status => ({
  state,
  reason,
  message,
});

/** "1 pod", "3 pods". */
export const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`);
