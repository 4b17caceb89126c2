export * from './kubernetes/ports';
export * from './registry/ports';
