import type { RunContext } from '../../github/context';
import { asTag } from '../version';
import { chooseTags } from './choose-tags';
import type { TagRule } from './rule';

/** Tags that the image of this commit may have got when its branch was built, the likeliest first. */
export function commitTags(rules: readonly TagRule[], context: RunContext): readonly string[] {
  const { commit, defaultBranch } = context;
  if (commit === undefined) return [];
  const short = commit.slice(0, 7);
  const ofRules = rules.filter(({ type }) => type === 'sha');
  return [
    ...new Set([
      ...(ofRules.length === 0
        ? []
        : chooseTags(ofRules, { context, version: short, commitTime: undefined, isPlan: true }).tags),
      `sha-${short}`,
      `sha-${commit}`,
      // The version of a model file without one.
      ...(defaultBranch === undefined ? [] : [`${asTag(defaultBranch).slice(0, 100)}-${short}`]),
    ]),
  ];
}
