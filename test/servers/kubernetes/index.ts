export { type Access, deployerOf, type User } from './api/access';
export type { Outcome, RunContainer } from './controllers/outcome';
export type { Fault, Faults } from './faults';
export { type KubernetesOptions, type KubernetesServer, startKubernetes } from './server';
