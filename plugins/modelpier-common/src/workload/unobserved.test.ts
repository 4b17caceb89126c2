import { isUnobserved } from './unobserved';

it.each([
  ['a custom resource whose controller tells no generation', 'example.com/v1', { conditions: [] }, true],
  ['one that has no status yet', 'gadgets.x-k8s.io/v1', undefined, true],
  ['one whose controller does', 'example.com/v1', { observedGeneration: 2 }, false],
  ['the core', 'v1', {}, false],
  ['a group of Kubernetes', 'apps/v1', {}, false],
  ['a group of Kubernetes with a domain', 'networking.k8s.io/v1', {}, false],
])('%s', (_name, apiVersion, status, answer) => {
  expect(isUnobserved({ apiVersion, status })).toBe(answer);
});
