import { GPU } from '@modelpier/backstage-plugin-modelpier-common';

/** Devices of every kind together are named as one. */
export const unitOf = (resource: string): string => (resource === GPU ? 'any/gpu' : resource);
