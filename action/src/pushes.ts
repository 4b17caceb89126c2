import type { Run } from './main';

/** A plan, and a build with `push: false`, only find out what a push would send. */
export const pushes = ({ inputs: { mode, registry } }: Run): boolean => mode !== 'plan' && registry.push;
