import {
  comparableObject,
  maskSecrets,
  type Tree,
  withoutDefaults,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type Pair, stringify } from 'yaml';
import { unifiedDiff } from './unified-diff';

interface Versions {
  /** What is there; nothing where the object is new. */
  readonly live: Tree | undefined;
  /** What is applied. */
  readonly sent: Tree;
  /** What the server made of it; nothing where it could not be asked. */
  readonly answered: Tree | undefined;
}

/** What an apply changes, as lines of YAML without anything secret; nothing where it changes nothing. */
export function diffObject({ live, sent, answered }: Versions): string | undefined {
  const wanted = withoutDefaults(answered ?? sent, { live, sent }) as Tree;
  const { before, after } = maskSecrets({
    before: live && comparableObject(live),
    after: comparableObject(wanted),
  });
  const lines = unifiedDiff(toLines(before), toLines(after));
  return lines.length === 0 ? undefined : lines.join('\n');
}

const toLines = (object: Tree | undefined): readonly string[] =>
  object === undefined
    ? []
    : stringify(object, { sortMapEntries: byName, lineWidth: 0, aliasDuplicateObjects: false })
        .trimEnd()
        .split('\n');

/** Sorted, for the server and the manifest order fields as they please; a list's item begins with its name. */
const byName = (a: Pair, b: Pair): number => compareNames(String(a.key), String(b.key));

function compareNames(a: string, b: string): number {
  if (a === 'name' || b === 'name') return a === b ? 0 : a === 'name' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
