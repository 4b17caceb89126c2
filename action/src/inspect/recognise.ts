import { constants, inflateSync } from 'node:zlib';
import type { FileFormat } from '@modelpier/backstage-plugin-modelpier-common';
import type { ByteSource } from '../content/byte-source';
import { GGUF_MAGIC } from '../content/gguf';
import { HDF5_MAGIC } from '../content/hdf5';
import { NPY_MAGIC } from '../content/npy';
import { isOnnx } from '../content/onnx';
import { isSafetensors } from '../content/safetensors';
import { isSavedModel } from '../content/saved-model';
import { isTar } from '../content/tar';
import { findDirectoryEnd } from '../content/zip/directory-end';
import { beginsAsPickle } from '../scan/scan-pickle';

const HEAD_BYTES = 64;
const PE_HEADER_OFFSET = 0x3c;

const startsWith =
  (...beginnings: readonly string[]) =>
  (head: Buffer): boolean =>
    beginnings.some(beginning => head.subarray(0, beginning.length).equals(Buffer.from(beginning, 'latin1')));

type Test = (head: Buffer, source: ByteSource) => boolean;

export const isGzip = startsWith('\x1f\x8b\x08');
/** bzip2, xz, lzma, zstd, lz4, 7z, rar: nothing here reads them. */
const isUnread = (head: Buffer): boolean =>
  startsWith(
    '\xfd7zXZ\0',
    '\x28\xb5\x2f\xfd',
    '\x04\x22\x4d\x18',
    '7z\xbc\xaf\x27\x1c',
    'Rar!\x1a\x07',
  )(head) ||
  /^BZh[1-9]1AY&SY/.test(head.toString('latin1')) ||
  /^\x5d\0\0..(?:\xff{8}|.{5}\0{3})/s.test(head.toString('latin1'));

/** What a file is, the most certain signs first. */
const TESTS: readonly (readonly [FileFormat, Test])[] = [
  [
    'zip',
    (head, source) => startsWith('PK\x03\x04', 'PK\x05\x06')(head) || findDirectoryEnd(source) !== undefined,
  ],
  ['gguf', startsWith(GGUF_MAGIC)],
  ['npy', startsWith(NPY_MAGIC)],
  ['hdf5', startsWith(HDF5_MAGIC)],
  ['native-code', isNative],
  ['compressed', (head, source) => isGzip(head) || isUnread(head) || isZlib(head, source)],
  ['pickle', beginsAsPickle],
  ['safetensors', (_, source) => isSafetensors(source)],
  ['lightgbm', startsWith('tree\nversion=')],
  [
    'xgboost',
    head =>
      startsWith('{L\0\0\0\0\0\0\0\x07learner')(head) ||
      /^\s*\{\s*"learner"\s*:/.test(head.toString('latin1')),
  ],
  ['tar', (_, source) => isTar(source)],
  ['savedmodel', (_, source) => isSavedModel(source)],
  ['onnx', (_, source) => isOnnx(source)],
];

/** The format by the content alone; archives are told apart later, by what is in them. */
export function recognise(source: ByteSource): FileFormat {
  if (source.sizeBytes === 0) return 'other';
  const head = source.read(0, Math.min(HEAD_BYTES, source.sizeBytes));
  return TESTS.find(([, test]) => test(head, source))?.[0] ?? 'other';
}

/** Two bytes are no proof: it must also unpack. */
export function isZlib(head: Buffer, source: ByteSource): boolean {
  if (head[0] !== 0x78 || head.length < 8 || head.readUInt16BE(0) % 31 !== 0) return false;
  try {
    const start = source.read(0, Math.min(4096, source.sizeBytes));
    return inflateSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 23 }).length > 0;
  } catch {
    return false;
  }
}

function isNative(head: Buffer, source: ByteSource): boolean {
  if (startsWith('\x7fELF', '\xcf\xfa\xed\xfe', '\xce\xfa\xed\xfe', '\xca\xfe\xba\xbe')(head)) return true;
  if (!startsWith('MZ')(head) || head.length < HEAD_BYTES) return false;
  const at = head.readUInt32LE(PE_HEADER_OFFSET);
  return at + 4 <= source.sizeBytes && source.read(at, 4).toString('latin1') === 'PE\0\0';
}
