import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCKER_HUB, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Credential, CredentialProvider } from '@modelpier/backstage-plugin-modelpier-node';
import { writeSecretFile } from './scratch-folder';
import type { Texts } from './texts';

interface LoginOptions {
  /** Every registry that the build pulls from or pushes to. */
  readonly registries: readonly string[];
  readonly credentials: CredentialProvider;
  /** Docker's own configuration, which the one we write stands in for. */
  readonly dockerConfigFolder: string;
}

/**
 * Hands our logins to the builders in files of the folder; answers the variables by which they find them.
 * Nothing where there is no login, so that the builders look where they always do.
 */
export async function writeLogins(
  folder: string,
  { registries, credentials, dockerConfigFolder }: LoginOptions,
): Promise<Texts> {
  const auths: Record<string, object> = {};
  for (const registry of new Set(registries)) {
    const credential = await credentials(registry);
    if (credential !== undefined) auths[keyOf(registry)] = authOf(credential);
  }
  if (Object.keys(auths).length === 0) return {};
  const authFile = join(folder, 'auth.json');
  await writeSecretFile(authFile, JSON.stringify({ auths }));
  return { REGISTRY_AUTH_FILE: authFile, DOCKER_CONFIG: await standIn(folder, dockerConfigFolder, auths) };
}

/** Docker keeps the login to its own registry under this name. */
const keyOf = (registry: string): string =>
  registry === DOCKER_HUB ? 'https://index.docker.io/v1/' : registry;

/** docker/cli, type AuthConfig; containers-auth.json(5). */
function authOf(credential: Credential): object {
  switch (credential.kind) {
    case 'basic':
      return { auth: base64(`${credential.username}:${credential.password}`) };
    case 'identity-token':
      // Buildah passes over an entry that has no name.
      return { auth: base64('<token>:'), identitytoken: credential.token };
    case 'bearer':
      return { registrytoken: credential.token };
  }
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/**
 * Docker's configuration with our logins in it. All else in the folder is linked: plugins, contexts, and
 * the builders that the job has set up.
 */
async function standIn(folder: string, original: string, auths: Record<string, object>): Promise<string> {
  const copy = join(folder, 'docker');
  await mkdir(copy, { mode: 0o700 });
  for (const entry of await entriesOf(original)) {
    if (entry !== CONFIG) await symlink(join(original, entry), join(copy, entry));
  }
  const config = await readConfig(join(original, CONFIG));
  // An empty helper sends Docker to the file itself, past the store that is set for all registries.
  const helpers = Object.fromEntries(Object.keys(auths).map(key => [key, '']));
  const merged = {
    ...config,
    auths: { ...objectOf(config['auths']), ...auths },
    credHelpers: { ...objectOf(config['credHelpers']), ...helpers },
  };
  await writeSecretFile(join(copy, CONFIG), JSON.stringify(merged));
  return copy;
}

const CONFIG = 'config.json';

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return objectOf(JSON.parse(content));
  } catch {
    // No cause: a JSON error quotes the text, and this text is secrets.
    throw new ModelpierError('invalid-document', `${file} is not JSON`, {
      hint: 'log in again, or remove the file',
    });
  }
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
