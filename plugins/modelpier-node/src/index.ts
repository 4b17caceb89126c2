export * from './kubernetes/ports';
export * from './registry/ports';
export * from './registry/credential';
export * from './registry/registry';
export * from './kubernetes/cluster';
export * from './kubernetes/secrets';
export * from './registry/clock';
export * from './registry/node-clock';
