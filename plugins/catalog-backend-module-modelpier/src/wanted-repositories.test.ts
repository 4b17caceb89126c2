import { parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import { isWanted, namedPaths, wantedRepositories } from './wanted-repositories';

const parse = (...repositories: readonly string[]) =>
  parseWith(wantedRepositories, { host: 'ghcr.io', repositories }, 'registries');

it('tells names from patterns', () => {
  expect(namedPaths(parse('acme/mnist', 'acme/*', 'acme/mnist'))).toEqual(['acme/mnist']);
});

it.each([
  ['acme/*', 'acme/mnist', true],
  ['acme/*', 'acme/models/mnist', true],
  ['acme/*', 'acme2/mnist', false],
  ['acme/*', 'acme', false],
  ['*', 'anything', true],
  ['*', '../etc/passwd', false],
  ['*', 'acme/mnist?x=1', false],
  ['*', 'Acme', false],
  ['acme/mnist', 'acme/mnist', false],
])('by %s finds %s: %s', (pattern, path, isFound) => {
  expect(isWanted(parse(pattern), path)).toBe(isFound);
});

it.each(['', '/*', 'acme*', 'Acme/mnist', '../x', 'acme/mnist:v1', '**', 'acme/*/mnist', 'a b'])(
  'refuses %j',
  pattern => {
    expect(() => parse(pattern)).toThrow('expected a repository such as');
  },
);
