import { inWaves } from './wave';

const kinds = (...names: string[]): string[] =>
  inWaves(names.map(kind => ({ apiVersion: 'v1', kind, metadata: { name: 'x' } }))).map(({ kind }) => kind);

it('puts what others need first, whatever the order in the files', () => {
  expect(
    kinds(
      'Job',
      'Ingress',
      'Deployment',
      'Service',
      'Secret',
      'Role',
      'Namespace',
      'CustomResourceDefinition',
    ),
  ).toEqual([
    'CustomResourceDefinition',
    'Namespace',
    'Role',
    'Secret',
    'Service',
    'Deployment',
    'Ingress',
    'Job',
  ]);
});

it('keeps the order within a wave, unknown kinds among the workloads', () => {
  expect(kinds('StatefulSet', 'InferenceService', 'Deployment', 'ConfigMap')).toEqual([
    'ConfigMap',
    'StatefulSet',
    'InferenceService',
    'Deployment',
  ]);
});
