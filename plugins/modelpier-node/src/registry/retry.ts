import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock } from './clock';
import { RegistryError } from './registry-error';

export interface RetryPolicy {
  readonly clock: Clock;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
}

/** Rides out a restart of the registry (7.5 s at most), not an outage. */
export const MAX_TRIES = 5;
/** A line that breaks more often than this within one blob is not worth a runner's hours. */
export const MAX_RESUMES = 100;
const FIRST_DELAY_MS = 500;
/** A registry that asks for more than this is not worth a runner's minutes. */
const MAX_RETRY_AFTER_MS = 120_000;

/** Tries until it works, on transient errors only, with exponential delay and full jitter. */
export async function retry<T>(
  attempt: () => Promise<T>,
  { clock, random }: RetryPolicy,
  signal?: AbortSignal,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || tried === MAX_TRIES || signal?.aborted === true) throw error;
      await pause(retryDelayMs(tried, random, error.retryAfterMs), { clock, error, signal });
    }
  }
}

export const isTransient = (error: unknown): error is RegistryError =>
  error instanceof RegistryError && error.isTransient;

/** The delay after the n-th failure: up to 0.5 s, 1 s, 2 s, ..., and never less than was asked for. */
export function retryDelayMs(tried: number, random: () => number, retryAfterMs = 0): number {
  return Math.max(retryAfterMs, random() * FIRST_DELAY_MS * 2 ** (tried - 1));
}

/** Waits before another try; throws the failure where the wait is cancelled or not worth it. */
export async function pause(
  delayMs: number,
  { clock, error, signal }: { clock: Clock; error: RegistryError; signal: AbortSignal | undefined },
): Promise<void> {
  if (delayMs > MAX_RETRY_AFTER_MS) throw error;
  try {
    await clock.sleep(delayMs, signal);
  } catch {
    throw new ModelpierError('cancelled', `cancelled while waiting to try again: ${error.message}`, {
      cause: error,
    });
  }
}
