import { createHash } from 'node:crypto';
import { parseDigest } from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { FileReader } from '../layer/file-reader';
import type { FileDigest } from '../layer/model-digest';
import type { ModelFile } from '../model/model-file';

/** Of the model's files as they lie in the workspace; what a Dockerfile makes of them is its own. */
export async function digestFiles(
  files: readonly ModelFile[],
  { signal }: Waiting,
): Promise<readonly FileDigest[]> {
  const reader = new FileReader();
  const digests: FileDigest[] = [];
  for (const file of files) {
    const hash = createHash('sha256');
    for await (const chunk of reader.read(file, { from: 0, signal, transient: true })) hash.update(chunk);
    digests.push({ path: file.path, digest: parseDigest(`sha256:${hash.digest('hex')}`) });
  }
  return digests;
}
