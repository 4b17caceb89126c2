import {
  type Decoded,
  DOCKER_HUB,
  ModelpierError,
  object,
  optional,
  parseWith,
  record,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Credential } from './credential';

/** What `docker login` and `podman login` write (docker/cli, cli/config/configfile/file.go). */
const dockerConfig = object({
  auths: optional(
    record(
      object({
        auth: optional(text),
        username: optional(text),
        password: optional(text),
        identitytoken: optional(text),
        registrytoken: optional(text),
      }),
    ),
  ),
  credHelpers: optional(record(text)),
  credsStore: optional(text),
});
export type DockerConfig = Decoded<typeof dockerConfig>;
type AuthEntry = NonNullable<DockerConfig['auths']>[string];

/** The name under which Docker keeps the login to its own registry. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

export function parseDockerConfig(content: string, file: string): DockerConfig {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    // No cause: a JSON error quotes the text, and this text is secrets.
    throw new ModelpierError('invalid-document', `${file} is not JSON`, {
      hint: 'log in again, or remove the file',
    });
  }
  return parseWith(dockerConfig, json, file);
}

/** The program that keeps the credentials of a registry, and the name it knows the registry by. */
export function helperFor(
  { credHelpers = {}, credsStore }: DockerConfig,
  registryHost: string,
): { readonly helper: string; readonly server: string } | undefined {
  const key = Object.keys(credHelpers).find(name => hostOfKey(name) === registryHost);
  const helper = key === undefined ? credsStore : credHelpers[key];
  if (helper === undefined || helper === '') return undefined;
  return { helper, server: registryHost === DOCKER_HUB ? DOCKER_HUB_KEY : (key ?? registryHost) };
}

/** The credential that stands in the file itself. */
export function storedCredential({ auths = {} }: DockerConfig, registryHost: string): Credential | undefined {
  const key = Object.keys(auths).find(name => hostOfKey(name) === registryHost);
  const entry = key === undefined ? undefined : auths[key];
  return entry === undefined ? undefined : credentialOf(entry);
}

function credentialOf({
  auth,
  username,
  password,
  identitytoken,
  registrytoken,
}: AuthEntry): Credential | undefined {
  if (registrytoken !== undefined && registrytoken !== '') return { kind: 'bearer', token: registrytoken };
  if (identitytoken !== undefined && identitytoken !== '') {
    return { kind: 'identity-token', token: identitytoken };
  }
  if (auth !== undefined && auth !== '') return decodeAuth(auth);
  return username === undefined || password === undefined ? undefined : { kind: 'basic', username, password };
}

/** base64 of `name:password`; a password may hold colons, a name may not. */
function decodeAuth(auth: string): Credential | undefined {
  const decoded = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon === -1) return undefined;
  return { kind: 'basic', username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** The registry that a key of the file is about; podman's keys for a part of a registry are about none. */
function hostOfKey(key: string): string | undefined {
  const match = /^(?:https?:\/\/)?([^/]+)(?:\/(?:v[12]\/?)?)?$/.exec(key);
  const host = match?.[1]?.toLowerCase();
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? DOCKER_HUB : host;
}
