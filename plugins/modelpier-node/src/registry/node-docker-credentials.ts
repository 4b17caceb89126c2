import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialProvider } from './credential';
import { type DockerConfig, helperFor, parseDockerConfig, storedCredential } from './docker-config';
import { askCredentialHelper } from './node-credential-helper';
import { systemCode } from './system-code';

export interface DockerCredentialsOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/**
 * The logins of this machine: Docker's `config.json`, then podman's `auth.json`. The files are read
 * at the first question, and a registry's first entry counts.
 */
export function dockerCredentials({ environment, homeDir }: DockerCredentialsOptions): CredentialProvider {
  let configs: Promise<readonly DockerConfig[]> | undefined;
  return async registryHost => {
    configs ??= readConfigs(filesOf(environment, homeDir));
    for (const config of await configs) {
      const helper = helperFor(config, registryHost);
      const kept = helper === undefined ? undefined : await askCredentialHelper(helper, environment);
      const credential = kept ?? storedCredential(config, registryHost);
      if (credential !== undefined) return credential;
    }
    return undefined;
  };
}

/** docker/cli: `DOCKER_CONFIG`; containers-auth.json(5): the rest. */
function filesOf(environment: DockerCredentialsOptions['environment'], homeDir: string): readonly string[] {
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment;
  return [
    join(DOCKER_CONFIG ?? join(homeDir, '.docker'), 'config.json'),
    ...(REGISTRY_AUTH_FILE === undefined ? [] : [REGISTRY_AUTH_FILE]),
    ...(XDG_RUNTIME_DIR === undefined ? [] : [join(XDG_RUNTIME_DIR, 'containers', 'auth.json')]),
    join(XDG_CONFIG_HOME ?? join(homeDir, '.config'), 'containers', 'auth.json'),
  ];
}

async function readConfigs(files: readonly string[]): Promise<readonly DockerConfig[]> {
  const configs = await Promise.all(files.map(readConfig));
  return configs.filter(config => config !== undefined);
}

async function readConfig(file: string): Promise<DockerConfig | undefined> {
  try {
    return parseDockerConfig(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof ModelpierError) throw error;
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new ModelpierError('invalid-input', `${file} cannot be read`, { cause: error });
  }
}
