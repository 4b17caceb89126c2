import {
  type Decoded,
  type Decoder,
  list,
  parseRepository,
  refuse,
  strictObject,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

const EVERY = '*';
const BELOW = '/*';

/** `acme/mnist`, `acme/models/*`, or `*` for all that the registry lists. */
const repositoryPattern: Decoder<string> = (value, path, faults) => {
  const isPattern = typeof value === 'string' && (value === EVERY || isPath(value.replace(/\/\*$/, '')));
  return isPattern ? value : refuse(faults, path, 'expected a repository such as acme/mnist, acme/* or *');
};

function isPath(path: string): boolean {
  try {
    return parseRepository(`registry.local/${path}`).path === path;
  } catch {
    return false;
  }
}

/** An entry of `catalog.providers.modelpier.registries`. */
export const wantedRepositories = strictObject({ host: text, repositories: list(repositoryPattern) });
export type WantedRepositories = Decoded<typeof wantedRepositories>;

/** Those that are named in full. */
export const namedPaths = ({ repositories }: WantedRepositories): readonly string[] =>
  [...new Set(repositories)].filter(pattern => !pattern.endsWith(EVERY));

/** Whether a pattern fits; a registry may list names that are none. */
export const isWanted = ({ repositories }: WantedRepositories, path: string): boolean =>
  isPath(path) &&
  repositories.some(
    pattern =>
      pattern === EVERY || (pattern.endsWith(BELOW) && path.startsWith(pattern.slice(0, -EVERY.length))),
  );
