import { type FieldPath, type Fault, type Position } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { type Document, isMap, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { nodeAt } from './node-at';

/** Anchors that multiply into each other exhaust memory ("billion laughs"). */
const MAX_ALIASES = 100;

/** An object and where it was written. */
export interface LoadedObject {
  readonly object: KubernetesObject;
  readonly at: Position;
  /** Where one of its fields was written, or what is nearest around it. */
  readonly locate: (path: FieldPath) => Position;
}

/** The objects of one file of YAML documents (JSON is YAML); what is wrong goes to `faults`, with its line. */
export function parseManifests(source: string, file: string, faults: Fault[]): readonly LoadedObject[] {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // YAML 1.2, in which NO is a word, with the merge keys (<<) that kubectl takes too; keys stand once.
  const options = { lineCounter: lines, prettyErrors: false, merge: true };
  const parsed = parseAllDocuments(source, options);
  const documents = 'empty' in parsed ? [] : parsed;
  return documents.flatMap((document, index) => {
    const found: Fault[] = document.errors.map(({ message, pos }) => ({
      path: file,
      message,
      at: at(pos[0]),
    }));
    const place = { node: document.contents, at, faults: found };
    const objects = found.length > 0 ? [] : objectsOf(toPlain(document, found, at), place);
    const prefix = documents.length > 1 ? `document ${index + 1}: ` : '';
    for (const fault of found) faults.push({ ...fault, message: `${prefix}${fault.message}` });
    return objects;
  });
}

function toPlain(document: Document, faults: Fault[], at: (offset: number) => Position): unknown {
  try {
    // Through JSON, as it is sent: an alias that holds itself ends here and not in an endless walk.
    const plain: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return plain === undefined ? undefined : (JSON.parse(JSON.stringify(plain)) as unknown);
  } catch {
    const place = at(startOf(document.contents));
    faults.push({
      path: place.file,
      message: 'too many aliases, one that holds itself, or nested too deeply',
      at: place,
    });
    return null;
  }
}

interface Place {
  readonly node: unknown;
  readonly at: (offset: number) => Position;
  readonly faults: Fault[];
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
const itemOf = (node: unknown, index: number): unknown =>
  isMap(node) ? node.getIn(['items', index], true) : undefined;

function objectsOf(value: unknown, place: Place): readonly LoadedObject[] {
  // A document of comments alone.
  if (value === null || value === undefined) return [];
  const fields = isRecord(value) ? value : {};
  const { kind, items } = fields;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, index) =>
      objectsOf(asItem(fields, kind, item), { ...place, node: itemOf(place.node, index) }),
    );
  }
  const at = place.at(startOf(place.node));
  const message = problemOf(fields);
  const locate = (path: FieldPath): Position => place.at(startOf(nodeAt(place.node, path)));
  if (message === undefined) return [{ object: value as KubernetesObject, at, locate }];
  place.faults.push({ path: at.file, message, at });
  return [];
}

/** Items of a DeploymentList and its like need not repeat what they are. */
const asItem = ({ apiVersion }: Readonly<Record<string, unknown>>, kind: string, item: unknown): unknown =>
  kind === 'List' || !isRecord(item) ? item : { apiVersion, kind: kind.slice(0, -'List'.length), ...item };

function problemOf({ apiVersion, kind, metadata }: Readonly<Record<string, unknown>>): string | undefined {
  const { name, generateName } = isRecord(metadata) ? metadata : {};
  const missing = Object.entries({ apiVersion, kind, 'metadata.name': name })
    .filter(([, given]) => typeof given !== 'string' || given === '')
    .map(([field]) => field);
  if (missing.length === 0) return undefined;
  return typeof generateName === 'string'
    ? 'metadata.generateName makes a new object with each run; give it a metadata.name'
    : `a Kubernetes object needs ${missing.join(', ')}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
