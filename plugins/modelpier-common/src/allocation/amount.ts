import { ceilDivide, formatDecimal, NANO_PER_MILLI, NANO_PER_UNIT } from './quantity';
import { floorTo, type Rational } from './rational';

/** Devices and other extended resources carry a domain; a container has them only by asking. */
export const isExtended = (resource: string): boolean => resource.includes('/');

const ACCELERATOR = /gpu|^nvidia\.com\/mig-|tpu|neuron|gaudi|npu/;
/** Extended resources that decide which models a node can serve. */
export const isAccelerator = (resource: string): boolean =>
  isExtended(resource) && ACCELERATOR.test(resource);

/** The smallest amount worth showing: a thousandth of a core or of a device, one byte. */
const unitOf = (resource: string): bigint =>
  resource === 'cpu' || isExtended(resource) ? NANO_PER_MILLI : NANO_PER_UNIT;

/** A resource's amount for the wire, rounded up to its unit: "980m", "3489660928", "0.25". */
export const amountText = (resource: string, nano: bigint): string =>
  inUnits(resource, nano < 0n ? nano / unitOf(resource) : ceilDivide(nano, unitOf(resource)));

/** A fair share for the wire, rounded down, so that N of them fit into T. */
export const fairShareText = (resource: string, share: Rational): string =>
  inUnits(resource, floorTo(share, unitOf(resource)));

function inUnits(resource: string, units: bigint): string {
  if (resource === 'cpu') return `${units}m`;
  return isExtended(resource) ? formatDecimal(units * NANO_PER_MILLI) : String(units);
}
