import { parseQuantity } from '@modelpier/backstage-plugin-modelpier-common';

const NANO = 1e9;

/** An amount in its base unit (cores, bytes, devices), for drawing only: what is told in words stays exact. */
export const drawnAmount = (quantity: string): number => Number(parseQuantity(quantity).nano) / NANO;
