import { parseQuantity } from '@modelpier/backstage-plugin-modelpier-common';

const nanoIn = (resource: string): bigint => (resource === 'memory' ? 1_000_000_000n : 1_000_000n);

/** As samples keep it: in thousandths, of memory in bytes. */
export const sampledOf = (resource: string, nano: bigint): number => Number(nano / nanoIn(resource));

export const amountOf = (resource: string, amount: string): number =>
  sampledOf(resource, parseQuantity(amount).nano);

/** Back from there. */
export const nanoOf = (resource: string, amount: number): bigint => BigInt(amount) * nanoIn(resource);
