import { type ByteSource, Malformed, memorySource } from '../../action/src/content/byte-source';
import { mutate } from './mutate';
import { createRandom } from './random';
import { samplesOf, TARGETS } from './targets';

export interface Fuzzed {
  readonly runs: number;
  /** Ways in which the parser ended; bytes that led to a new one were varied further. */
  readonly outcomes: number;
  readonly longestMs: number;
  readonly readRatio: number;
}

/** No parser of these sizes takes longer, whatever the bytes. */
const LONGEST_MS = 2_000;
/** Bytes that may be read for each byte that is there, beyond a window's worth. */
const READ_RATIO = 2_000;
const WINDOW = 4 * 1024 * 1024;
const CORPUS_LIMIT = 4_000;
/** Then the event loop has its turn; before it, zlib frees nothing. */
const RUNS_A_TURN = 1_000;

/** Varies samples, and what led somewhere new, and holds a parser to: no other error, no hang, no needless reading. */
export async function fuzz(
  name: string,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<Fuzzed> {
  const target = TARGETS[name];
  if (target === undefined) throw new RangeError(`there is no parser ${name}`);
  const random = createRandom(seed);
  const corpus = [...samplesOf(target)];
  const outcomes = new Set<string>();
  let [longestMs, readRatio] = [0, 0];
  for (let run = 0; run < runs; run++) {
    if (run % RUNS_A_TURN === 0) await new Promise(setImmediate);
    const pick = (): Buffer => corpus[random(corpus.length)] ?? Buffer.alloc(0);
    const bytes = mutate(pick(), random, pick());
    const { outcome, tookMs, bytesRead } = attempt(target.read, bytes);
    longestMs = Math.max(longestMs, tookMs);
    readRatio = Math.max(readRatio, bytesRead / (bytes.length + 1));
    if (tookMs > LONGEST_MS || bytesRead > bytes.length * READ_RATIO + WINDOW)
      throw new Error(`${name}: ${tookMs} ms, ${bytesRead} bytes read, of ${bytes.toString('base64')}`);
    if (!outcomes.has(outcome) && outcomes.size < CORPUS_LIMIT) {
      outcomes.add(outcome);
      corpus.push(Buffer.from(bytes));
    }
  }
  return { runs, outcomes: outcomes.size, longestMs, readRatio };
}

function attempt(
  read: (source: ByteSource) => unknown,
  bytes: Buffer,
): { readonly outcome: string; readonly tookMs: number; readonly bytesRead: number } {
  let bytesRead = 0;
  const memory = memorySource(bytes);
  const source: ByteSource = {
    sizeBytes: bytes.length,
    read: (offset, length) => {
      bytesRead += length;
      return memory.read(offset, length);
    },
  };
  const startedAt = performance.now();
  const outcome = outcomeOf(() => read(source), bytes);
  return { outcome, tookMs: performance.now() - startedAt, bytesRead };
}

function outcomeOf(read: () => unknown, bytes: Buffer): string {
  try {
    return shapeOf(read());
  } catch (error) {
    if (error instanceof Malformed) return error.message.replace(/\d+/g, 'n').slice(0, 80);
    throw new Error(`a parser broke on ${bytes.toString('base64')}`, { cause: error });
  }
}

/** What was found, without its numbers and names. */
function shapeOf(result: unknown): string {
  const text = JSON.stringify({ result }, (key, value: unknown) =>
    value instanceof Map || value instanceof Set
      ? Math.min(value.size, 9)
      : key === 'offset'
        ? undefined
        : value,
  );
  return text.replace(/\d+/g, 'n').slice(0, 300);
}
