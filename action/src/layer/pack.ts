import {
  type Descriptor,
  type Digest,
  LAYER_FILES,
  LAYER_KIND,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BlobSource } from '@modelpier/backstage-plugin-modelpier-node';
import { compareBytes, type ModelFile } from '../model/model-file';
import { chooseCompression, compress, type Compression, LAYER_MEDIA_TYPES } from './compress';
import { FileReader } from './file-reader';
import { gather } from './gather';
import type { HashThreads } from './hash-threads';
import { createHasher } from './hasher';
import type { FileDigest } from './model-digest';
import type { PlannedLayer } from './plan';
import { layoutTar, readTar, type TarLayout } from './tar';
import type { TarEntry } from './tar-header';

/** A manifest has at most 4 MiB (distribution-spec); a longer list of files stays out of it. */
const MAX_FILES_ANNOTATION_BYTES = 16 * 1024;

/** A thread costs more than it saves below. */
const LARGE_FILE_BYTES = 8 * 1024 * 1024;

/** A layer with its digests known and its bytes still in the model's files, to be read when sent. */
export interface PackedLayer extends BlobSource {
  readonly kind: PlannedLayer['kind'];
  readonly diffId: Digest;
  /** Paths in the image, with the slash in front. */
  readonly files: readonly string[];
  /** Digests of the files by their paths in the model. */
  readonly fileDigests: readonly FileDigest[];
}

export interface PackOptions {
  /** From `parseTargetPath`. */
  readonly targetPath: string;
  readonly compression: 'auto' | Compression;
  readonly epochSeconds: number;
}

interface PackWaiting {
  /** For large files; without them everything is hashed here. */
  readonly threads?: HashThreads | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the archive that were hashed so far. */
  readonly onProgress?: (hashedBytes: number) => void;
}

/** An entry of the archive; folders have no file. */
type PackedEntry = TarEntry & { readonly file?: ModelFile };

/** A layer of which nothing was read yet. */
export interface LaidLayer extends Pick<PackedLayer, 'kind' | 'files' | 'open'> {
  /** Known beforehand where nothing is compressed. */
  readonly sizeBytes: number | undefined;
  /** Reads the files once and computes the digests; keeps nothing of them. */
  pack(options?: PackWaiting): Promise<PackedLayer>;
}

/** Gives every file its place in a layer's archive. */
export function layOutLayer(plan: PlannedLayer, options: PackOptions): LaidLayer {
  const layout = layoutTar(entriesOf(plan.files, options.targetPath), options.epochSeconds);
  const compression = chooseCompression(options.compression, plan.files);
  const archive: Archive = { layout, compression, reader: new FileReader() };
  const files = plan.files.map(({ path }) => `/${options.targetPath}/${path}`);
  const laid = {
    kind: plan.kind,
    files,
    open: (offset: number) => bytesFrom(archive, offset),
  };
  return {
    ...laid,
    sizeBytes: compression === 'none' ? layout.sizeBytes : undefined,
    pack: async waiting => {
      const { blob, diffId, sizeBytes, fileDigests } = await hash(archive, waiting);
      const descriptor: Descriptor = {
        mediaType: LAYER_MEDIA_TYPES[compression],
        digest: blob,
        size: sizeBytes,
        annotations: { [LAYER_KIND]: plan.kind, ...filesAnnotation(files) },
      };
      return { ...laid, descriptor, diffId, fileDigests };
    },
  };
}

interface Archive {
  readonly layout: TarLayout<PackedEntry>;
  readonly compression: Compression;
  readonly reader: FileReader;
}

/** The files with every folder above them, parents first. */
function entriesOf(files: readonly ModelFile[], targetPath: string): readonly PackedEntry[] {
  const folders = new Set<string>();
  const entries: PackedEntry[] = files.map(file => {
    const path = `${targetPath}/${file.path}`;
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      folders.add(path.slice(0, end));
    }
    return { type: 'file', path, sizeBytes: file.sizeBytes, file };
  });
  for (const path of folders) entries.push({ type: 'directory', path, sizeBytes: 0 });
  return entries.sort((a, b) => compareBytes(a.path, b.path));
}

interface Hashed {
  readonly blob: Digest;
  readonly diffId: Digest;
  readonly sizeBytes: number;
  readonly fileDigests: readonly FileDigest[];
}

async function hash(
  { layout, compression, reader }: Archive,
  { signal, onProgress, threads }: PackWaiting = {},
): Promise<Hashed> {
  const fileDigests: FileDigest[] = [];
  // A compressor keeps chunks in its queue; hashing is done with each before the next.
  const transient = compression === 'none';
  const isLarge = transient && layout.entries.some(({ entry }) => entry.sizeBytes >= LARGE_FILE_BYTES);
  const hasher = isLarge && threads !== undefined ? () => threads.hasher() : createHasher;
  const reading = { from: 0, signal, transient, shared: isLarge };
  const tarHash = hasher();
  let hashedBytes = 0;
  const contents = async function* ({ file }: PackedEntry): AsyncGenerator<Uint8Array, void> {
    if (file === undefined) return;
    const fileHash = file.sizeBytes >= LARGE_FILE_BYTES ? hasher() : createHasher();
    for await (const chunk of reader.read(file, reading)) {
      const hashed = fileHash.update(chunk);
      yield chunk;
      await hashed;
    }
    fileDigests.push({ path: file.path, digest: await fileHash.digest() });
  };
  const tar = async function* (): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of gather(readTar(layout, contents), { transient })) {
      const hashed = tarHash.update(chunk);
      hashedBytes += chunk.length;
      onProgress?.(hashedBytes);
      yield chunk;
      await hashed;
    }
  };
  const blobHash = compression === 'none' ? undefined : createHasher();
  let sizeBytes = 0;
  for await (const chunk of compress(tar(), compression)) {
    await blobHash?.update(chunk);
    sizeBytes += chunk.length;
  }
  const diffId = await tarHash.digest();
  return { blob: (await blobHash?.digest()) ?? diffId, diffId, sizeBytes, fileDigests };
}

/** A plain archive is sought in; a compressed one is compressed again up to the offset. */
async function* bytesFrom(
  { layout, compression, reader }: Archive,
  offset: number,
): AsyncGenerator<Uint8Array, void> {
  const transient = compression === 'none';
  const contents = ({ file }: PackedEntry, from: number): AsyncIterable<Uint8Array> =>
    file === undefined ? nothing() : reader.read(file, { from, transient });
  const tar = gather(readTar(layout, contents, transient ? offset : 0), { transient });
  if (transient) {
    yield* tar;
    return;
  }
  let skip = offset;
  for await (const chunk of compress(tar, compression)) {
    if (skip < chunk.length) yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the contents of a folder, beside files' that are awaited
async function* nothing(): AsyncGenerator<Uint8Array, void> {
  yield* [];
}

function filesAnnotation(files: readonly string[]): Record<string, string> {
  const text = JSON.stringify(files);
  return Buffer.byteLength(text) <= MAX_FILES_ANNOTATION_BYTES ? { [LAYER_FILES]: text } : {};
}
