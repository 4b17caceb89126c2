import { type Fields, isFields, type StoredObject } from '../object';
import { keyOf, shapeOf } from './shape';

/** Steps as FieldsV1 writes them: `f:spec`, `k:{"name":"main"}`, `v:"x"` and `.` for an item itself. */
export type FieldPath = readonly string[];

/** Paths as text, so that they can be members of a set. */
const SEPARATOR = '\n';
const encode = (path: FieldPath): string => path.join(SEPARATOR);
export const decode = (text: string): string[] => text.split(SEPARATOR);

const SYSTEM_METADATA = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** The parts of an object that somebody may own. */
export function ownable(object: StoredObject): Fields {
  const fields = Object.entries(object).filter(([key]) => key !== 'apiVersion' && key !== 'kind');
  const metadata = Object.entries(object.metadata).filter(([key]) => !SYSTEM_METADATA.has(key));
  return { ...Object.fromEntries(fields), metadata: Object.fromEntries(metadata) };
}

/** Every field that a value sets, down to what is owned as a whole. */
export function pathsOf(value: Fields): Set<string> {
  const found = new Set<string>();
  const visit = (field: string, inner: unknown, path: FieldPath): void => {
    if (inner === null || inner === undefined) return;
    const shape = shapeOf(field, inner);
    if (shape.type === 'map') {
      for (const [key, next] of Object.entries(inner)) visit(key, next, [...path, `f:${key}`]);
    } else if (shape.type === 'list') {
      for (const item of inner as Fields[]) {
        const at = [...path, keyOf(item, shape.keys)];
        found.add(encode([...at, '.']));
        for (const [key, next] of Object.entries(item)) visit(key, next, [...at, `f:${key}`]);
      }
    } else if (shape.type === 'set') {
      for (const item of inner as unknown[]) found.add(encode([...path, `v:${JSON.stringify(item)}`]));
    } else found.add(encode(path));
  };
  for (const [key, inner] of Object.entries(value)) {
    if (isFields(inner) && Object.keys(inner).length === 0) continue;
    visit(key, inner, [`f:${key}`]);
  }
  return found;
}

export function valueAt(root: unknown, path: FieldPath): unknown {
  let value = root;
  for (const step of path) value = step === '.' ? value : child(value, step);
  return value;
}

function child(value: unknown, step: string): unknown {
  const text = step.slice(2);
  if (step.startsWith('f:')) return isFields(value) ? value[text] : undefined;
  if (!Array.isArray(value)) return undefined;
  return (value as unknown[]).find(item => isStep(item, step));
}

function isStep(item: unknown, step: string): boolean {
  if (step.startsWith('v:')) return JSON.stringify(item) === step.slice(2);
  const keys = Object.keys(JSON.parse(step.slice(2)) as Fields);
  return isFields(item) && keyOf(item, keys) === step;
}

/** Takes a field out, and what is empty thereafter. */
export function removeAt(root: Fields, path: FieldPath): void {
  const steps = path.at(-1) === '.' ? path.slice(0, -1) : path;
  const last = steps.at(-1);
  if (last === undefined) return;
  const parents = steps.slice(0, -1);
  const parent = valueAt(root, parents);
  if (last.startsWith('f:') && isFields(parent)) Reflect.deleteProperty(parent, last.slice(2));
  else if (Array.isArray(parent)) {
    const index = parent.findIndex(item => isStep(item, last));
    if (index >= 0) parent.splice(index, 1);
  }
  const empty = (isFields(parent) || Array.isArray(parent)) && Object.keys(parent).length === 0;
  if (empty && parents.length > 1) removeAt(root, parents);
}

/** The tree in which `managedFields` keeps a set. */
export function toFieldsV1(paths: ReadonlySet<string>): Fields {
  const root: Fields = {};
  for (const text of [...paths].sort()) {
    let node = root;
    for (const step of decode(text)) node = (node[step] ??= {}) as Fields;
  }
  return root;
}

export function fromFieldsV1(tree: Fields): Set<string> {
  const found = new Set<string>();
  const visit = (node: Fields, path: FieldPath): void => {
    const entries = Object.entries(node);
    if (entries.length === 0 && path.length > 0) found.add(encode(path));
    for (const [step, next] of entries) visit(next as Fields, [...path, step]);
  };
  visit(tree, []);
  return found;
}

/** `.spec.template.spec.containers[name="main"].image`, as conflicts name fields. */
export const printPath = (path: FieldPath): string =>
  path
    .map(step => {
      if (step === '.') return '';
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = Object.entries(JSON.parse(step.slice(2)) as Fields);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
