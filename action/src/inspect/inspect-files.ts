import {
  type FileFormat,
  type ModelFacts,
  type ScanFinding,
  type Verdict,
  worstVerdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import { Malformed } from '../content/byte-source';
import { openSource } from '../content/file-source';
import { Bomb } from '../content/unpack';
import { type Allowed, allowedBy } from '../scan/globals';
import { type Hit, RULES } from '../scan/rules';
import { Counts } from './counts';
import { EXAMINERS } from './examine-format';
import { type Examination, type Examined, type Item, unreadable } from './item';
import { lookUpBeside } from './look-up';
import { printable } from './printable';
import { recognise } from './recognise';

/** Archives in archives: a compressed archive of archives is three deep. */
const DEPTH_LIMIT = 8;
/** Findings of one file; further ones are only counted. */
const KEPT_FINDINGS = 200;
/** What a file may unpack to, all its members together. */
const UNPACKED_RATIO = 100;
const UNPACKED_SLACK = 64 * 1024 * 1024;
/** So many files and members at a stretch; then signals and timers have their turn, and zlib frees what it holds. */
const LOOKS_A_TURN = 50;

export interface InspectedFile {
  readonly path: string;
  readonly facts: ModelFacts;
  readonly verdict: Verdict;
  readonly findings: readonly ScanFinding[];
  readonly omitted: number;
}

interface ShippedFile {
  readonly path: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
}

interface InspectOptions {
  /** Names that pickles may use beside the trusted ones. */
  readonly allowed: readonly string[];
  /** The model's folder, which paths are relative to. */
  readonly directory: string;
  /** A folder for what is too large to be unpacked in memory; asked for only then. */
  readonly scratchFolder: () => Promise<string>;
  readonly signal?: AbortSignal | undefined;
}

/** Looks into every file without loading any: what it is, and what in it would harm who does. */
export async function inspectFiles(
  files: readonly ShippedFile[],
  options: InspectOptions,
): Promise<readonly InspectedFile[]> {
  const isAllowed = allowedBy(options.allowed);
  const paths = new Set(files.map(({ path }) => path));
  const inspected: InspectedFile[] = [];
  let looks = 0;
  const takeTurns = async (): Promise<void> => {
    if (++looks % LOOKS_A_TURN === 0) await new Promise(setImmediate);
  };
  for (const file of files) {
    inspected.push(await inspectFile(file, { ...options, isAllowed, paths, takeTurns }));
    options.signal?.throwIfAborted();
  }
  return inspected;
}

interface Shared extends InspectOptions {
  readonly isAllowed: Allowed;
  readonly paths: ReadonlySet<string>;
  /** Before each look into a file or a member. */
  readonly takeTurns: () => Promise<void>;
}

async function inspectFile(file: ShippedFile, shared: Shared): Promise<InspectedFile> {
  const run = new FileInspection(file, shared);
  const source = openSource(file);
  try {
    const { format, facts, counts } = await run.examine({ source, member: undefined, depth: 0 });
    const { findings, omitted } = run;
    return {
      path: file.path,
      facts: { format, ...facts, ...counts.facts, sizeBytes: file.sizeBytes },
      verdict: worstVerdict([baseVerdict(format), ...findings.map(({ verdict }) => verdict)]),
      findings,
      omitted,
    };
  } finally {
    source.close();
  }
}

/** Formats that can run code when they are loaded, whatever is in them. */
const EXECUTABLE: ReadonlySet<FileFormat> = new Set([
  ...(['torchscript', 'torch-save', 'torch-export', 'pickle', 'joblib', 'savedmodel', 'keras'] as const),
  'native-code',
]);
const baseVerdict = (format: FileFormat): Verdict => (EXECUTABLE.has(format) ? 'executable-format' : 'safe');

class FileInspection implements Examination {
  readonly isAllowed: Allowed;
  readonly lookUp: Examination['lookUp'];
  readonly scratchFolder: () => Promise<string>;
  readonly signal: AbortSignal | undefined;
  readonly findings: ScanFinding[] = [];
  omitted = 0;
  readonly #file: ShippedFile;
  readonly #takeTurns: Shared['takeTurns'];
  readonly #told = new Set<string>();
  #unpackedBytes = 0;

  constructor(file: ShippedFile, shared: Shared) {
    const { isAllowed, paths, directory, scratchFolder, signal } = shared;
    this.#file = file;
    this.#takeTurns = shared.takeTurns;
    this.isAllowed = isAllowed;
    this.lookUp = lookUpBeside(file.path, { directory, paths });
    this.scratchFolder = scratchFolder;
    this.signal = signal;
  }

  hit(item: Item, { rule, reason: words, offset }: Hit): void {
    const member = item.member === undefined ? undefined : printable(item.member);
    const reason = printable(words);
    const { verdict } = RULES[rule];
    const key = JSON.stringify([rule, member, offset, reason]);
    if (this.#told.has(key)) return;
    if (this.findings.length >= KEPT_FINDINGS) {
      this.omitted++;
      return;
    }
    this.#told.add(key);
    this.findings.push({ rule, verdict, file: this.#file.path, member, offset, reason });
  }

  unpacked(bytes: number): void {
    this.#unpackedBytes += bytes;
    if (this.#unpackedBytes <= this.#file.sizeBytes * UNPACKED_RATIO + UNPACKED_SLACK) return;
    throw new Bomb(`its members unpack to more than ${this.#unpackedBytes} bytes`);
  }

  /** What is broken is told, and the rest of the archive is looked into all the same. */
  async examine(item: Item): Promise<Examined> {
    if (item.depth > DEPTH_LIMIT) {
      this.hit(item, {
        rule: 'archive-depth',
        offset: 0,
        reason: `more than ${DEPTH_LIMIT} archives lie in each other`,
      });
      return NOTHING;
    }
    await this.#takeTurns();
    const format = recognise(item.source);
    const examine = async (): Promise<Examined> => (await EXAMINERS[format]?.(item, this)) ?? NOTHING;
    return this.guard(item, examine, { ...NOTHING, format });
  }

  async guard<T>(item: Item, work: () => Promise<T>, fallback: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Bomb) this.hit(item, { rule: 'archive-bomb', offset: 0, reason: error.message });
      else if (error instanceof Malformed) this.hit(item, unreadable(error.offset, error.message));
      else throw error;
      return fallback;
    }
  }
}

const NOTHING: Examined = { format: 'other', facts: {}, counts: new Counts() };
