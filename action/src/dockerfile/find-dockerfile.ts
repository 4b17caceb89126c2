import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { isInside } from '../model/file-finder';
import type { Dockerfile } from './builder';

interface DockerfileQuery {
  readonly workspace: string;
  /** The folder of the model file. */
  readonly directory: string;
  /** As the inputs name them, relative to the workspace. */
  readonly file: string | undefined;
  readonly context: string | undefined;
}

const DOCKERFILE = 'Dockerfile';

/**
 * The Dockerfile that is named by file or by context, else the one beside the model file.
 * The context is the folder of the model file where no other is named.
 */
export async function findDockerfile(query: DockerfileQuery): Promise<Dockerfile> {
  const { workspace, directory, file, context } = query;
  const contextFolder = context === undefined ? directory : resolve(workspace, context);
  const path = file === undefined ? join(contextFolder, DOCKERFILE) : resolve(workspace, file);
  return {
    contextFolder: await inWorkspace(contextFolder, { workspace, label: 'context', kind: 'folder' }),
    file: await inWorkspace(path, {
      workspace,
      label: file === undefined ? DOCKERFILE : 'file',
      kind: 'file',
    }),
  };
}

/** Whether a Dockerfile lies beside the model file. */
export const hasDockerfile = async (directory: string): Promise<boolean> =>
  (await kindOf(join(directory, DOCKERFILE))) === 'file';

interface Wanted {
  readonly workspace: string;
  readonly label: string;
  readonly kind: 'file' | 'folder';
}

/** The real path: what was checked out is built, and no link leads out of it. */
async function inWorkspace(path: string, { workspace, label, kind }: Wanted): Promise<string> {
  const shown = relative(workspace, path) || '.';
  if ((await kindOf(path)) !== kind) {
    throw new ModelpierError('not-found', `${label} ${shown}: there is no such ${kind}`, {
      hint: 'name the Dockerfile by file and its folder by context, relative to the workspace',
    });
  }
  const real = await realpath(path);
  if (isInside(real, await realpath(workspace))) return real;
  throw new ModelpierError('invalid-input', `${label} ${shown} lies outside the workspace`);
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : undefined;
  } catch {
    return undefined;
  }
}
