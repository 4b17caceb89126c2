import { type Fault, type Position } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { type Document, isMap, isNode, LineCounter, parseAllDocuments } from 'yaml';

/** Anchors that multiply into each other exhaust memory ("billion laughs"). */
const MAX_ALIASES = 100;

/** An object and where it was written. */
export interface LoadedObject {
  readonly object: KubernetesObject;
  readonly at: Position;
}

/** The objects of one file of YAML documents (JSON is YAML); what is wrong goes to `faults`, with its line. */
export function parseManifests(source: string, file: string, faults: Fault[]): readonly LoadedObject[] {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false });
  return ('empty' in documents ? [] : documents).flatMap(document => {
    for (const { message, pos } of document.errors) faults.push({ path: file, message, at: at(pos[0]) });
    if (document.errors.length > 0) return [];
    return objectsOf(toPlain(document, faults, at), { node: document.contents, at, faults });
  });
}

function toPlain(document: Document, faults: Fault[], at: (offset: number) => Position): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch {
    const place = at(startOf(document.contents));
    faults.push({ path: place.file, message: 'too many aliases, or nested too deeply', at: place });
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
  if (fields['kind'] === 'List' && Array.isArray(fields['items'])) {
    return fields['items'].flatMap((item, index) =>
      objectsOf(item, { ...place, node: itemOf(place.node, index) }),
    );
  }
  const at = place.at(startOf(place.node));
  const message = problemOf(fields);
  if (message === undefined) return [{ object: value as KubernetesObject, at }];
  place.faults.push({ path: at.file, message, at });
  return [];
}

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
