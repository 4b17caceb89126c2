import { ModelpierError } from '../error';
import { describe } from '../parse/decoder';
import { type Digest, isDigest } from './digest';

/** A repository of a registry: `ghcr.io` and `acme/mnist-mlp`. */
export interface Repository {
  readonly registry: string;
  readonly path: string;
}

/** `registry/path[:tag][@digest]`, by the grammar of distribution/reference. */
export interface Reference extends Repository {
  readonly tag?: string | undefined;
  readonly digest?: Digest | undefined;
}

const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?$`);
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

export const isTag = (value: string): boolean => TAG.test(value);

/** Docker's own registry is reached under this name, whatever short name was written. */
export const DOCKER_HUB = 'docker.io';

export function parseReference(value: string): Reference {
  const [named, digestPart, ...more] = value.split('@');
  if (named === undefined || more.length > 0) throw refused(value, 'more than one "@"');
  if (digestPart !== undefined && !isDigest(digestPart))
    throw refused(value, 'the digest is not sha256 and 64 hex digits');
  const { name, tag } = splitTag(named);
  if (tag !== undefined && !isTag(tag)) throw refused(value, `the tag ${describe(tag)} is not valid`);
  return {
    ...parseRepositoryName(name, value),
    ...(tag !== undefined && { tag }),
    ...(digestPart !== undefined && { digest: digestPart }),
  };
}

/** A repository without tag or digest. */
export function parseRepository(value: string): Repository {
  const reference = parseReference(value);
  if (reference.tag !== undefined || reference.digest !== undefined) {
    throw refused(value, 'a repository has neither tag nor digest');
  }
  return reference;
}

export const formatRepository = ({ registry, path }: Repository): string => `${registry}/${path}`;

export function formatReference({ registry, path, tag, digest }: Reference): string {
  return `${registry}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** As a workload names it: by the digest alone, where there is one; a tag beside it would say nothing more. */
export const formatDeployed = (image: Reference): string =>
  formatReference(image.digest === undefined ? image : { ...image, tag: undefined });

export const isSameRepository = (a: Repository, b: Repository): boolean =>
  a.registry === b.registry && a.path === b.path;

/** A colon after the last slash begins a tag; before it, a port. */
function splitTag(named: string): { name: string; tag: string | undefined } {
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon === -1
    ? { name: named, tag: undefined }
    : { name: named.slice(0, colon), tag: named.slice(colon + 1) };
}

function parseRepositoryName(name: string, whole: string): Repository {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const hasHost = first === 'localhost' || /[.:[\]]/.test(first) || first !== first.toLowerCase();
  const registry = hasHost ? first : DOCKER_HUB;
  let path = hasHost ? name.slice(slash + 1) : name;
  if (registry === 'index.docker.io') return parseRepositoryName(`${DOCKER_HUB}/${path}`, whole);
  if (registry === DOCKER_HUB && !path.includes('/')) path = `library/${path}`;
  if (!isHost(registry)) throw refused(whole, `${describe(registry)} is not a registry host`);
  if (!PATH.test(path))
    throw refused(
      whole,
      `${describe(path)} is not a repository path (lower-case letters, digits, and . _ - between them)`,
    );
  if (registry.length + 1 + path.length > 255) throw refused(whole, 'the name is longer than 255 characters');
  return { registry, path };
}

function isHost(registry: string): boolean {
  const port = /:([0-9]+)$/.exec(registry.slice(registry.indexOf(']') + 1))?.[1];
  return HOST.test(registry) && (port === undefined || Number(port) <= 65_535);
}

const refused = (value: string, reason: string): ModelpierError =>
  new ModelpierError(
    'invalid-input',
    `${JSON.stringify(value.slice(0, 300))} is not an image reference: ${reason}`,
    {
      hint: 'write registry/path, with :tag or @sha256:... where wanted',
    },
  );
