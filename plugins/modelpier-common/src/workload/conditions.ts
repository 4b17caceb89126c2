import type { Condition } from './metadata';

type Conditions = readonly Condition[] | undefined;

export const findCondition = (conditions: Conditions, type: string): Condition | undefined =>
  conditions?.find(condition => condition.type === type);

export const isTrue = (conditions: Conditions, type: string): boolean =>
  findCondition(conditions, type)?.status === 'True';

/** Milliseconds since the epoch, or `undefined` where the field is missing or not a date. */
export function timestamp(value: string | undefined): number | undefined {
  const parsed = value === undefined ? NaN : Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}
