import { resourcePath } from './resource-path';

const deployments = { apiVersion: 'apps/v1', plural: 'deployments' };

it('writes the path of one object, of a namespace and of all', () => {
  expect(resourcePath({ ...deployments, namespace: 'apps', name: 'mnist' })).toBe(
    '/apis/apps/v1/namespaces/apps/deployments/mnist',
  );
  expect(resourcePath({ ...deployments, namespace: 'apps' })).toBe(
    '/apis/apps/v1/namespaces/apps/deployments',
  );
  expect(resourcePath({ apiVersion: 'v1', plural: 'nodes' })).toBe('/api/v1/nodes');
});

it('encodes what would begin another part of the path', () => {
  expect(resourcePath({ ...deployments, namespace: 'a/b', name: 'c?d' })).toBe(
    '/apis/apps/v1/namespaces/a%2Fb/deployments/c%3Fd',
  );
});

it.each([
  ['namespace', { namespace: '..', name: 'mnist' }],
  ['name', { namespace: 'apps', name: '..' }],
  ['name of nothing', { namespace: 'apps', name: '' }],
])('refuses a %s that would be a step in the path', (_, parts) => {
  expect(() => resourcePath({ ...deployments, ...parts })).toThrow(
    'is not the name of a Kubernetes resource',
  );
});
