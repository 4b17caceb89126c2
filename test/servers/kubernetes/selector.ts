import type { StoredObject } from './object';
import { badRequest } from './refused';

export type Matches = (object: StoredObject) => boolean;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api */
export function labelMatcher(selector: string | undefined): Matches {
  const tests = splitOutsideParentheses(selector ?? '').map(labelTest);
  return object => tests.every(test => test(object.metadata.labels ?? {}));
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

function labelTest(requirement: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map(value => value.trim());
    return labels => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const equal = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(requirement);
  if (equal !== null) {
    const [, key = '', operator, value] = equal;
    return labels => (labels[key] === value) === (operator !== '!=');
  }
  const exists = /^(!?)\s*([\w./-]+)$/.exec(requirement);
  if (exists === null) throw badRequest(`unable to parse requirement: ${JSON.stringify(requirement)}`);
  const [, not, key = ''] = exists;
  return labels => key in labels === (not === '');
}

const splitOutsideParentheses = (selector: string): string[] =>
  selector
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(part => part !== '');

/** The fields that the server indexes for every kind and for pods and events. */
const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'spec.nodeName',
  'status.phase',
  'involvedObject.uid',
  'involvedObject.name',
  'involvedObject.kind',
  'involvedObject.namespace',
  'reason',
  'type',
];

export function fieldMatcher(selector: string | undefined): Matches {
  const tests = splitOutsideParentheses(selector ?? '').map(part => {
    const [, field = '', operator, value] = /^([\w.]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    if (!FIELDS.includes(field)) throw badRequest(`field label not supported: ${field}`);
    return (object: StoredObject) => (valueAt(object, field) === value) === (operator !== '!=');
  });
  return object => tests.every(test => test(object));
}

function valueAt(object: StoredObject, path: string): string {
  let value: unknown = object;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'string' ? value : '';
}

/** `spec.selector.matchLabels` of a workload, tried on labels. */
export const matchesLabels =
  (wanted: Readonly<Record<string, string>>) =>
  (labels: Readonly<Record<string, string>>): boolean =>
    Object.entries(wanted).every(([key, value]) => labels[key] === value);
