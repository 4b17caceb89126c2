import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** Sleeps `ms`, or throws `cancelled` as soon as the signal is aborted. */
export function wait(ms: number, signal: AbortSignal | undefined, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(cancelled(what, signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

export const cancelled = (what: string, signal: AbortSignal | undefined): ModelpierError =>
  new ModelpierError('cancelled', `${what}: cancelled`, { cause: signal?.reason });
