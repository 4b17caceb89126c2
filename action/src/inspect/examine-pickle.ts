import { sliceOf } from '../content/byte-source';
import { disassemble, type Pickle } from '../content/pickle/disassemble';
import { legacyEnd } from './torch-legacy';
import { judgePickle, judgeUnmarked, trailing } from '../scan/scan-pickle';
import { Counts } from './counts';
import { type Examination, type Examined, hitAll, type Item } from './item';
import { countTensors, producerOf } from './pickle-facts';

/** Pickles of one file that are looked into one after the other. */
const SEQUENCE_LIMIT = 1000;

export function examinePickle(item: Item, examination: Examination): Examined {
  const { source } = item;
  const scan = { isAllowed: examination.isAllowed, definesModule: item.definesModule };
  const first = disassemble(source);
  const judge = (pickle: Pickle): void => hitAll(examination, item, judgePickle(pickle, source, scan));
  judge(first);
  const pickles = [first, ...following(item, first, judge)];
  const last = pickles.at(-1) ?? first;
  const isLegacy = legacyEnd(source, pickles) === source.sizeBytes;
  if (!isLegacy)
    hitAll(examination, item, pickles.length > 1 ? trailing(first, source) : trailing(last, source));
  const counts = new Counts();
  for (const pickle of pickles) counts.include(countTensors(pickle));
  const producer = producerOf(first);
  const isJoblib = first.globals.some(({ module }) => module.startsWith('joblib.'));
  return {
    format: isLegacy ? 'torch-save' : isJoblib ? 'joblib' : 'pickle',
    facts: { formatVersion: `protocol ${first.protocol}`, ...(producer !== undefined && { producer }) },
    counts,
  };
}

/** What follows a pickle is loaded by the next `load` from the same file. */
function following({ source }: Item, first: Pickle, judge: (pickle: Pickle) => void): readonly Pickle[] {
  const pickles: Pickle[] = [];
  let last = first;
  while (last.fault === undefined && last.end < source.sizeBytes && pickles.length < SEQUENCE_LIMIT) {
    const rest = sliceOf(source, last.end, source.sizeBytes - last.end);
    const next = disassemble(source, last.end);
    // Other data may follow; only what imports something before it breaks off is a pickle to speak of.
    const isMarked = rest.read(0, Math.min(2, rest.sizeBytes))[0] === 0x80;
    if (next.fault !== undefined && !(isMarked && next.globals.length > 0)) break;
    judge(next);
    pickles.push(next);
    last = next;
  }
  return pickles;
}

/** What bears no sign of any format: still a pickle where it can be read as one that imports. */
export function examineUnmarked(item: Item, examination: Examination): Examined {
  const { isPickle, hits } = judgeUnmarked(item.source, {
    isAllowed: examination.isAllowed,
    definesModule: item.definesModule,
  });
  if (isPickle) return examinePickle(item, examination);
  hitAll(examination, item, hits);
  return { format: 'other', facts: {}, counts: new Counts() };
}
