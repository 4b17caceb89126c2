import type { ByteSource } from '../content/byte-source';
import { sliceOf } from '../content/byte-source';
import { disassemble, type Pickle } from '../content/pickle/disassemble';
import { OPERATIONS } from '../content/pickle/operations';
import type { GlobalUse } from '../content/pickle/machine';
import { type Allowed, trustGlobal } from './globals';
import type { Hit } from './rules';

export interface PickleScan {
  readonly isAllowed: Allowed;
  /** Whether an archive's own code defines the module, as TorchScript's does. */
  readonly definesModule?: ((module: string) => boolean) | undefined;
}

const DEPTH_LIMIT = 4;
/** What Python could import: anything else fails there before it does harm. */
const IMPORTABLE = /^[A-Za-z_][\w.]*$/;

/** Whether content is a pickle: by its first byte, or, before protocol 2, because it can be read as one. */
export const beginsAsPickle = (head: Buffer): boolean =>
  head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5;

/** What is wrong with a pickle that was disassembled. */
export function judgePickle(pickle: Pickle, source: ByteSource, scan: PickleScan, depth = 0): readonly Hit[] {
  const hits = [
    ...pickle.globals.flatMap(use => judgeGlobal(use, scan)),
    ...pickle.plainGlobals.filter(isImportable).flatMap(use => judgeGlobal(use, scan)),
    ...pickle.oddities.map(({ kind, offset, detail }): Hit => ({
      rule: `pickle-${kind}`,
      offset,
      reason: detail,
    })),
    ...pickle.payloads.flatMap(({ from, length }) =>
      judgePayload(sliceOf(source, from, length), scan, depth, from),
    ),
  ];
  const { fault } = pickle;
  return fault === undefined
    ? hits
    : [...hits, { rule: 'unreadable', offset: fault.offset, reason: fault.message }];
}

/**
 * What content does that is not marked as a pickle, to whoever loads it as one. Only what is certain counts, as any
 * text may happen to begin like a pickle.
 */
export function judgeUnmarked(
  source: ByteSource,
  scan: PickleScan,
): { isPickle: boolean; hits: readonly Hit[] } {
  const [first = 0] = source.read(0, Math.min(1, source.sizeBytes));
  // Most data fails here, which is much cheaper than a fault.
  if (OPERATIONS[first] === undefined) return { isPickle: false, hits: [] };
  const pickle = disassemble(source);
  const uses = pickle.globals.filter(isImportable);
  if (pickle.fault === undefined && pickle.globals.length > 0)
    return { isPickle: true, hits: [...judgePickle(pickle, source, scan), ...trailing(pickle, source)] };
  const harmful = uses.flatMap(use =>
    judgeGlobal(use, scan).filter(({ rule }) => use.called || rule === 'pickle-dangerous-global'),
  );
  return { isPickle: false, hits: harmful };
}

export function trailing({ end, fault }: Pickle, source: ByteSource): readonly Hit[] {
  if (fault !== undefined || end === source.sizeBytes) return [];
  return [
    { rule: 'pickle-trailing-data', offset: end, reason: `${source.sizeBytes - end} bytes follow its end` },
  ];
}

const isImportable = ({ module, name }: GlobalUse): boolean =>
  IMPORTABLE.test(module) && IMPORTABLE.test(name);

function judgeGlobal(
  { module, name, offset, called }: GlobalUse,
  { isAllowed, definesModule }: PickleScan,
): readonly Hit[] {
  if (module === '__torch__' || module.startsWith('__torch__.')) {
    if (definesModule?.(module) === true) return [];
    const reason = `${module}.${name} is defined nowhere in this archive's code`;
    return [{ rule: 'pickle-unknown-global', offset, reason }];
  }
  const trust = trustGlobal(module, name, isAllowed);
  if (trust === 'trusted') return [];
  const reason = `${called ? 'calls' : 'imports'} ${show(module)}.${show(name)}`;
  return [
    { rule: trust === 'dangerous' ? 'pickle-dangerous-global' : 'pickle-unknown-global', offset, reason },
  ];
}

/** A name as one short word, whatever is in it. */
const show = (name: string): string =>
  IMPORTABLE.test(name) && name.length <= 100 ? name : JSON.stringify(name.slice(0, 100));

/** Bytes that are themselves a pickle which imports something, waiting for someone to load them. */
function judgePayload(payload: ByteSource, scan: PickleScan, depth: number, at: number): readonly Hit[] {
  const inner = disassemble(payload);
  const uses = inner.globals.filter(isImportable);
  const isPickle = uses.length > 0 && (inner.fault === undefined || uses.some(({ called }) => called));
  if (!isPickle) return [];
  const reason = `${payload.sizeBytes} bytes are a pickle themselves`;
  const hits = depth === DEPTH_LIMIT ? [] : judgePickle(inner, payload, scan, depth + 1);
  return [
    { rule: 'pickle-nested', offset: at, reason },
    ...hits.map(hit => ({ ...hit, offset: at + (hit.offset ?? 0) })),
  ];
}
