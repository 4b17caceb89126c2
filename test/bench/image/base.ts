import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anonymous, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase } from '../../servers/registry/base-images';
import { run } from '../../tools/command';
import { fillWithNoise } from './workspace';

/** Mounted by us and by crane, copied by buildah: small is in its favour. */
const BASE_BYTES = 64 * 1024 * 1024;

/** Pushes an image of one real layer to build upon. */
export async function pushRuntime(
  host: string,
  { path, folder, signal }: { readonly path: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  const root = join(folder, 'runtime');
  await mkdir(join(root, 'opt'), { recursive: true });
  await fillWithNoise(join(root, 'opt', 'runtime.bin'), BASE_BYTES);
  const archive = `${root}.tar`;
  await run({ program: 'tar', args: ['-C', root, '-cf', archive, 'opt'], signal });
  const registry = createRegistry({ credentials: anonymous });
  try {
    await pushBase(registry, { registry: host, path }, { layers: [await readFile(archive)] });
  } finally {
    await registry.close();
  }
}
