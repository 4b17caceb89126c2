/** Whether `at` is less than so long ago; a time that is yet to come was told by a clock that was wrong. */
export const isWithin = (at: number, now: number, ms: number): boolean => at <= now && now - at < ms;
