import { type Fault, ModelpierError, type Position } from '@modelpier/backstage-plugin-modelpier-common';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** A model file is a page; what is larger was not written by a person. */
const MAX_BYTES = 256 * 1024;
/** Anchors that multiply into each other exhaust memory ("billion laughs"). */
const MAX_ALIASES = 100;

/** A YAML document as data, which still knows where each value stands. */
export interface YamlDocument {
  readonly value: unknown;
  /** Of the value at a path such as `spec.files[0]`, or of the nearest one around it. */
  positionOf(path: string): Position;
}

/** Parses one YAML 1.2 document; throws one error that lists every syntax fault with its place. */
export function parseYaml(source: string, file: string): YamlDocument {
  if (Buffer.byteLength(source) > MAX_BYTES) {
    throw new ModelpierError('too-large', `${file} is larger than ${MAX_BYTES / 1024} KiB`);
  }
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
    const problems = [...document.errors, ...document.warnings];
    if (problems.length > 0) {
      throw invalidDocument(
        file,
        problems.map(({ message, pos }) => ({ path: '', message, at: at(pos[0]) })),
      );
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, positionOf: path => at(offsetOf(document, path)) };
  } catch (cause) {
    if (cause instanceof ModelpierError) throw cause;
    const reason = cause instanceof ReferenceError ? 'too many aliases' : 'nested too deeply';
    throw new ModelpierError('invalid-document', `${file} is not valid: ${reason}`, { cause });
  }
}

/** One error over all faults: `model.yaml:3:9: metadata.name: expected ...`. */
export function invalidDocument(file: string, faults: readonly Fault[], hint?: string): ModelpierError {
  const lines = faults.map(({ path, message, at }) => {
    const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
    return `${place}${path === '' ? '' : `${path}: `}${message}`;
  });
  return new ModelpierError('invalid-document', `${file} is not valid: ${lines.join('; ')}`, {
    faults,
    hint,
  });
}

/** The keys of a path as the decoders of common write it: `a.b[0]["odd key"]`. */
export function parsePath(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(
    ([, index, quoted, plain = '']) => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? plain : (JSON.parse(quoted) as string);
    },
  );
}

/** Follows the path as far as the document goes; a missing field is reported at its parent. */
function offsetOf(document: Document, path: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of parsePath(path)) {
    const next = childOf(node, key);
    if (next === undefined) break;
    offset = startOf(next.key) ?? startOf(next.value) ?? offset;
    node = next.value;
  }
  return offset;
}

function childOf(node: unknown, key: string | number): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key));
    return isPair(pair) ? { key: pair.key, value: pair.value } : undefined;
  }
  const items = isNode(node) && 'items' in node ? (node.items as readonly unknown[]) : [];
  const item = typeof key === 'number' ? items[key] : undefined;
  return item === undefined ? undefined : { key: undefined, value: item };
}

const startOf = (node: unknown): number | undefined =>
  isNode(node) ? ((node as Node).range?.[0] ?? undefined) : undefined;
