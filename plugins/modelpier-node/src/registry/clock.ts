/** Time as an argument: the present in milliseconds, and a wait that a signal ends early by throwing. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
