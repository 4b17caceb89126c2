import { GPU } from './allocation-glance';

/** What amounts of a resource are written in: accelerators of every kind together are written as one of them. */
export const unitOf = (resource: string): string => (resource === GPU ? 'any/gpu' : resource);
