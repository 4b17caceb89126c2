import { isTag } from '@modelpier/backstage-plugin-modelpier-common';
import type { InputReader } from '../reader';
import { isRule, plainRule, readRule, type TagRule } from './rule';

/** The lines of the input `tags`: rules as docker/metadata-action has them, or tags. */
export const readTagRules = (reader: InputReader): readonly TagRule[] =>
  reader.rows('tags').flatMap(items => {
    if (!isRule(items)) return items.flatMap(item => readTag(item, reader));
    const rule = readRule(items, fault => reader.fault('tags', fault));
    return rule === undefined ? [] : [rule];
  });

function readTag(item: string, reader: InputReader): readonly TagRule[] {
  if (item === '') return [];
  if (isTag(item)) return [plainRule(item)];
  reader.fault(
    'tags',
    `${JSON.stringify(item)} is not a tag: letters, digits, "_", "." and "-", at most 128`,
  );
  return [];
}
