/**
 * What the portal's backend answers and its frontend reads. One decoder is both the type and the
 * parser. Bytes are whole numbers, CPU and memory amounts Kubernetes quantity strings ("980m",
 * "3489660928"), ratios numbers from 0 with `null` for "not known", times RFC 3339 in UTC.
 */
export * from './allocation-answer';
export * from './allocation-glance';
export * from './declared';
export * from './deployment';
export * from './dispatch';
export * from './fleet';
export * from './fleet-total';
export * from './history';
export * from './model-summary';
export * from './models-query';
export * from './problem';
export * from './refresh';
export * from './release';
export * from './reuse-answer';
export * from './source';
export * from './started';
export * from './unit-of';
export * from './version';
export * from './version-diff';
