import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Texts } from './texts';

/** A folder of our own for as long as the work takes; whatever the work's end, it goes with all that is in it. */
export async function withScratchFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, 'modelpier-build-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** For the eyes of this user only. */
export const writeSecretFile = (file: string, content: string): Promise<void> =>
  writeFile(file, content, { mode: 0o600, flag: 'wx' });

/** Each secret in a file of its own; answers the files by the secrets' ids. */
export async function writeSecrets(folder: string, secrets: Texts): Promise<Texts> {
  const files: Record<string, string> = {};
  for (const [position, [id, value]] of Object.entries(secrets).entries()) {
    const file = join(folder, `secret-${position}`);
    await writeSecretFile(file, value);
    files[id] = file;
  }
  return files;
}
