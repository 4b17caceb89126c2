import { formatBytes, ModelpierError, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { traitsOf } from '@modelpier/backstage-plugin-modelpier-node';
import { chooseCompression, type Compression } from '../layer/compress';
import type { ModelFile } from '../model/model-file';

interface Packed {
  readonly files: readonly ModelFile[];
  readonly compression: 'auto' | Compression;
}

/** Refuses, before a byte is read or sent, files whose layer a registry would refuse after the last byte. */
export function assertFilesFit({ files, compression }: Packed, repositories: readonly Repository[]): void {
  // A layer that gets compressed is measured when it is packed.
  const stored = files.filter(file => chooseCompression(compression, [file]) === 'none');
  for (const repository of repositories) {
    for (const { path, sizeBytes } of stored) assertLayerFits({ files: [path], sizeBytes }, repository);
  }
}

/** Refuses a layer that is over the limit of its registry. */
export function assertLayerFits(
  { files, sizeBytes }: { readonly files: readonly string[]; readonly sizeBytes: number },
  { registry }: Repository,
): void {
  const { maxLayerBytes = Infinity } = traitsOf(registry);
  if (sizeBytes <= maxLayerBytes) return;
  const [first] = files;
  const layer = first === undefined ? 'a layer of the base image' : `the layer of ${first}`;
  throw new ModelpierError(
    'too-large',
    `${layer} has ${formatBytes(sizeBytes)}; ${registry} takes ${formatBytes(maxLayerBytes)} a layer`,
    {
      hint:
        first === undefined
          ? 'choose another base image or another registry'
          : 'split the model into shards, as save_pretrained(max_shard_size=...) does, or choose another registry',
    },
  );
}
