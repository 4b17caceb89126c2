import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isInside } from './file-finder';

interface Bounds {
  /** What was checked out; nothing outside is read, also by no link. */
  readonly workspace: string;
  /** A wrong path may lead to a model. */
  readonly maxBytes: number;
}

/** Why there is no text. */
type Fault = 'missing' | 'outside' | 'too-large';

/** A text of the workspace, or why it is not read; what is too large is not even opened. */
export async function readSmallFile(
  path: string,
  { workspace, maxBytes }: Bounds,
): Promise<{ readonly text: string } | { readonly fault: Fault }> {
  const real = await realpath(resolve(workspace, path)).catch(() => undefined);
  if (real === undefined) return { fault: 'missing' };
  if (!isInside(real, await realpath(workspace))) return { fault: 'outside' };
  const found = await stat(real);
  if (!found.isFile()) return { fault: 'missing' };
  return found.size > maxBytes ? { fault: 'too-large' } : { text: await readFile(real, 'utf8') };
}
