import { NANO_PER_MILLI, NANO_PER_UNIT } from './quantity';

/** The scheduler's period in microseconds, as kubelet writes it. */
const PERIOD_US = 100_000n;
/** The kernel takes no smaller quota. */
const MIN_QUOTA_US = 1000n;
const MIN_SHARES = 2;
const MAX_SHARES = 262_144;

/** `cpu.max` (cgroup v2) of a CPU limit in nano-units; `null` is no limit. */
export function cpuMax(limit: bigint | null): string {
  if (limit === null) return `max ${PERIOD_US}`;
  const quota = (limit * PERIOD_US) / NANO_PER_UNIT;
  return `${quota < MIN_QUOTA_US ? MIN_QUOTA_US : quota} ${PERIOD_US}`;
}

/** `cpu.shares` (cgroup v1) of a CPU request in nano-units. */
export function cpuShares(request: bigint): number {
  const shares = Number(((request / NANO_PER_MILLI) * 1024n) / 1000n);
  return Math.min(MAX_SHARES, Math.max(MIN_SHARES, shares));
}

/** How a container runtime turns shares into `cpu.weight` (cgroup v2). */
export const CPU_WEIGHT_FORMULAS = ['linear', 'quadratic'] as const;
export type CpuWeightFormula = (typeof CPU_WEIGHT_FORMULAS)[number];

/**
 * `cpu.weight` of a CPU request in nano-units. `linear` is the formula of Kubernetes' KEP-2254;
 * `quadratic`, of runc from 1.3.2 on and of crun, gives one core the kernel's default of 100.
 */
export function cpuWeight(request: bigint, formula: CpuWeightFormula): number {
  const shares = cpuShares(request);
  switch (formula) {
    case 'linear':
      return 1 + Math.floor(((shares - MIN_SHARES) * 9999) / (MAX_SHARES - MIN_SHARES));
    case 'quadratic':
      return quadraticWeight(shares);
  }
}

/** `memory.max` (cgroup v2) of a memory limit in nano-units; `null` is no limit. */
export const memoryMax = (limit: bigint | null): string =>
  limit === null ? 'max' : String(limit / NANO_PER_UNIT);

function quadraticWeight(shares: number): number {
  if (shares <= MIN_SHARES) return 1;
  if (shares >= MAX_SHARES) return 10_000;
  const log = Math.log2(shares);
  const weight = 10 ** ((log * log + 125 * log) / 612 - 7 / 34);
  // One core is 100 exactly; a last bit of floating point must not make it 101.
  return Math.ceil(weight - 1e-9);
}
