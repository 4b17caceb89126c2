import { crc32 } from 'node:zlib';
import type { FileFormat } from '@modelpier/backstage-plugin-modelpier-common';
import { type ByteSource, sliceOf } from '../content/byte-source';
import { readTar } from '../content/tar';
import { unpack } from '../content/unpack';
import { DEFLATED, ENCRYPTED_FLAG, STORED, type ZipEntry } from '../content/zip/entry';
import { readZipDirectory } from '../content/zip/read-directory';
import { scanCode } from '../scan/scan-code';
import { judgeTrick } from '../scan/scan-graph';
import { scanKeras } from '../scan/scan-keras';
import { Counts } from './counts';
import { type Examination, type Examined, hitAll, type Item, unreadable } from './item';
import { forwardInputs } from './torchscript-facts';

/** Checksums of larger plain data are left to who reads all bytes. */
const PLAIN_CHECKED_BYTES = 1024 * 1024;
const CHECKED_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const CODE_LIMIT = 16 * 1024 * 1024;
const KEPT_OPERATORS = 200;
/** Inputs that `torch.export` was shown: scanned like all else, but no part of the model. */
const EXAMPLE = /(?:^|\/)(?:serialized_example_inputs|sample_inputs\/[^/]+)\.pt$/;

/** What the members of an archive tell of the whole. */
interface Gathered {
  readonly counts: Counts;
  readonly operators: Set<string>;
  readonly code: Map<string, string>;
  readonly texts: Map<string, string>;
}

export async function examineZip(item: Item, examination: Examination): Promise<Examined> {
  const directory = readZipDirectory(item.source);
  if (directory === undefined) {
    examination.hit(item, unreadable(0, 'it begins as an archive, but has no directory'));
    return { format: 'zip', facts: {}, counts: new Counts() };
  }
  const { entries } = directory;
  for (const trick of directory.tricks) {
    const member = trick.member === undefined ? item.member : pathOf(item, trick.member);
    examination.hit({ ...item, member }, judgeTrick(trick));
  }
  const names = entries.map(({ name }) => name);
  const format = formatOf(names);
  const definesModule = format === 'torchscript' ? moduleFinder(names) : undefined;
  const gathered: Gathered = {
    counts: new Counts(),
    operators: new Set(),
    code: new Map(),
    texts: new Map(),
  };
  for (const entry of entries) {
    examination.signal?.throwIfAborted();
    if (entry.name.endsWith('/') && entry.sizeBytes === 0) continue;
    const inside = { ...item, member: pathOf(item, entry.name), depth: item.depth + 1, definesModule };
    const member = { entry, format, gathered, examination, archive: item.source };
    await examination.guard(inside, () => examineEntry(inside, member), undefined);
  }
  return { format, facts: factsOf(format, gathered), counts: gathered.counts };
}

const pathOf = ({ member }: Item, name: string): string =>
  member === undefined ? name : `${member}!${name}`;

/** An archive's format by the names of its members. */
function formatOf(names: readonly string[]): FileFormat {
  const has = (test: RegExp): boolean => names.some(name => test.test(name));
  if (has(/(?:^|\/)archive_format$|(?:^|\/)serialized_exported_program\.json$/)) return 'torch-export';
  if (has(/^[^/]+\/constants\.pkl$/) && has(/^[^/]+\/code\//)) return 'torchscript';
  if (has(/^[^/]+\/data\.pkl$/)) return 'torch-save';
  if (has(/^config\.json$/) && has(/^metadata\.json$/)) return 'keras';
  return names.length > 0 && names.every(name => name.endsWith('.npy')) ? 'npz' : 'zip';
}

/** `__torch__.a.b` is defined by `<name>/code/__torch__/a/b.py`. */
function moduleFinder(names: readonly string[]): (module: string) => boolean {
  const modules = new Set(
    names.flatMap(name => {
      const [, path] = /^[^/]+\/code\/(__torch__(?:\/.*)?)\.py$/.exec(name) ?? [];
      return path === undefined ? [] : [path.replaceAll('/', '.')];
    }),
  );
  return module => modules.has(module);
}

interface Member {
  readonly archive: ByteSource;
  readonly entry: ZipEntry;
  readonly format: FileFormat;
  readonly gathered: Gathered;
  readonly examination: Examination;
}

async function examineEntry(item: Item, member: Member): Promise<void> {
  const { archive, entry, examination } = member;
  const isReadable =
    (entry.flags & ENCRYPTED_FLAG) === 0 && (entry.method === STORED || entry.method === DEFLATED);
  if (!isReadable) return;
  const packed = sliceOf(archive, entry.dataOffset, entry.compressedBytes);
  if (entry.method === STORED) {
    await examineMember({ ...item, source: packed }, member);
    return;
  }
  const { scratchFolder, signal } = examination;
  const { source, close } = await unpack(packed, { compression: 'deflate', scratchFolder, signal });
  try {
    examination.unpacked(source.sizeBytes);
    await examineMember({ ...item, source }, member);
  } finally {
    await close();
  }
}

async function examineMember(item: Item, { entry, format, gathered, examination }: Member): Promise<void> {
  const { source } = item;
  if (source.sizeBytes !== entry.sizeBytes && entry.method === DEFLATED) {
    const reason = `${source.sizeBytes} bytes are said to be ${entry.sizeBytes}`;
    examination.hit(item, { rule: 'zip-bad-size', offset: 0, reason });
  }
  const examined = await examination.examine(item);
  if (!EXAMPLE.test(entry.name)) gathered.counts.include(examined.counts);
  const isChecked = source.sizeBytes <= (examined.format === 'other' ? PLAIN_CHECKED_BYTES : CHECKED_BYTES);
  if (isChecked && checksumOf(source) !== entry.crc) {
    examination.hit(item, {
      rule: 'zip-bad-checksum',
      offset: 0,
      reason: 'its bytes are not those of the checksum',
    });
  }
  readParts(item, { name: entry.name, format, gathered, examination });
}

function checksumOf(source: ByteSource): number {
  let sum = 0;
  for (let from = 0; from < source.sizeBytes; from += CHUNK_BYTES) {
    sum = crc32(source.read(from, Math.min(CHUNK_BYTES, source.sizeBytes - from)), sum);
  }
  return sum;
}

interface Part extends Pick<Member, 'format' | 'gathered' | 'examination'> {
  readonly name: string;
}

/** Members with a meaning in their archive: code, versions, configurations. */
function readParts(item: Item, { name, format, gathered, examination }: Part): void {
  const { source } = item;
  if (format === 'torchscript' && /^[^/]+\/code\/.*\.py$/.test(name)) {
    if (source.sizeBytes > CODE_LIMIT) {
      examination.hit(item, unreadable(0, `${source.sizeBytes} bytes of code are too many to be read`));
      return;
    }
    const code = source.read(0, source.sizeBytes).toString('utf8');
    const { operators, hits } = scanCode(code);
    hitAll(examination, item, hits);
    for (const operator of operators) gathered.operators.add(operator);
    if (gathered.code.size < KEPT_OPERATORS) gathered.code.set(name, code);
  } else if (format === 'keras' && name === 'config.json') {
    hitAll(examination, item, scanKeras(source, { from: 0, to: source.sizeBytes }));
  } else if (
    /(?:^|\/)(?:version|producer|metadata\.json|archive_version)$/.test(name) &&
    source.sizeBytes <= 4096
  ) {
    gathered.texts.set(name.replace(/^.*\//, ''), source.read(0, source.sizeBytes).toString('utf8').trim());
  }
}

function factsOf(format: FileFormat, { operators, code, texts }: Gathered): Examined['facts'] {
  const version = texts.get('archive_version') ?? texts.get('version');
  const inputs = format === 'torchscript' ? forwardInputs(code) : undefined;
  const keras = /"keras_version":\s*"([\w.+-]{1,40})"/.exec(texts.get('metadata.json') ?? '')?.[1];
  return {
    ...(version !== undefined && /^[\w.+-]{1,40}$/.test(version) && { formatVersion: version }),
    ...(keras !== undefined && { producer: `keras ${keras}` }),
    ...(operators.size > 0 && { operators: [...operators].sort().slice(0, KEPT_OPERATORS) }),
    ...(inputs !== undefined && { inputs }),
  };
}

export async function examineTar(item: Item, examination: Examination): Promise<Examined> {
  const counts = new Counts();
  for (const { name, from, sizeBytes, kind } of readTar(item.source)) {
    examination.signal?.throwIfAborted();
    const member = { ...item, member: pathOf(item, name), depth: item.depth + 1 };
    if (kind === 'link') examination.hit(member, { rule: 'archive-link', offset: 0, reason: 'it is a link' });
    if (/^\/|(?:^|\/)\.\.(?:\/|$)/.test(name))
      examination.hit(member, {
        rule: 'zip-unsafe-name',
        offset: 0,
        reason: 'its name leads out of the archive',
      });
    if (sizeBytes === 0) continue;
    const examined = await examination.examine({ ...member, source: sliceOf(item.source, from, sizeBytes) });
    counts.include(examined.counts);
  }
  return { format: 'tar', facts: {}, counts };
}
