import { isTag, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { RunContext } from '../../github/context';
import { asTag } from '../version';
import { expressionsOf, formatDate, render, type Values } from './expression';
import type { TagRule } from './rule';
import { formatSemver, readSemver, type Semver } from './semver';

interface Chosen {
  /** The most important first. */
  readonly tags: readonly string[];
  readonly warnings: readonly string[];
}

/** A tag that a rule gave, and whether it makes the image the latest. */
interface Given {
  readonly value: string;
  readonly isLatest: boolean;
}

interface Facts {
  readonly context: RunContext;
  /** Known where a rule needs it. */
  readonly commitTime: number | undefined;
}

/** Whether the rules cannot do without the time of the commit, which takes git to know. */
export const needsCommitTime = (rules: readonly TagRule[]): boolean =>
  rules.some(rule =>
    Object.values(rule).some(
      text => typeof text === 'string' && expressionsOf(text).some(({ name }) => name === 'commit_date'),
    ),
  );

interface Run extends Facts {
  readonly version: string;
  /** Whether nothing is pushed, so that a name for the image is enough. */
  readonly isPlan: boolean;
}

/**
 * The tags of a build: by its rules, else the version and, on a branch, the branch's own moving tag and that of the
 * commit, by which a promotion finds the image.
 */
export function chooseTags(rules: readonly TagRule[], run: Run): Chosen {
  const { context, version, isPlan } = run;
  const branch = branchOf(context);
  if (rules.length === 0) {
    const commit = shortCommit(context);
    const ofCommit = commit === undefined ? [] : [`sha-${commit}`];
    const tags = branch === undefined ? [version] : [version, asTag(branch), ...ofCommit];
    return { tags: [...new Set(tags)], warnings: [] };
  }
  const chosen = tagsByRules(rules, run);
  if (chosen.tags.length > 0) return chosen;
  if (isPlan) return { ...chosen, tags: [version] };
  const ref = context.refName === undefined ? '' : ` of ${context.refType ?? 'ref'} ${context.refName}`;
  throw new ModelpierError('invalid-input', `tags: no rule gives a tag in this run${ref}`, {
    hint: 'add a rule that always does, such as type=sha, for registries clean up what has no tag',
  });
}

/** As docker/metadata-action chooses them; there may be none. */
function tagsByRules(rules: readonly TagRule[], facts: Facts): Chosen {
  const values = globalValues(facts);
  const warnings: string[] = [];
  const given: Given[] = [];
  for (const rule of [...rules].sort((a, b) => b.priority - a.priority)) {
    if (!isEnabled(rule, values)) continue;
    const tag = applyRule(rule, { ...facts, values, warn: warning => warnings.push(warning) });
    if (tag === undefined || tag.value === '') continue;
    const dressed = render(rule.prefix, values) + tag.value + render(rule.suffix, values);
    given.push({ ...tag, value: checked(sanitize(dressed), rule) });
  }
  // The most important tag says whether this is the latest release; others, such as a commit, cannot.
  const latest = given[0]?.isLatest === true ? ['latest'] : [];
  return { tags: [...new Set([...given.map(({ value }) => value), ...latest])], warnings };
}

function isEnabled({ enable, type }: TagRule, values: Values): boolean {
  const enabled = render(enable, values);
  if (enabled === 'true' || enabled === 'false') return enabled === 'true';
  throw new ModelpierError(
    'invalid-input',
    `tags: type=${type},enable=${enable} is ${JSON.stringify(enabled)} in this run, neither true nor false`,
  );
}

interface Applying extends Facts {
  readonly values: Values;
  readonly warn: (warning: string) => void;
}

function applyRule(rule: TagRule, applying: Applying): Given | undefined {
  const { context, values } = applying;
  switch (rule.type) {
    case 'schedule':
      return context.eventName === 'schedule' ? notLatest(render(rule.pattern, values)) : undefined;
    case 'semver':
      return applySemver(rule, applying);
    case 'edge':
      return notLatest(branchOf(context) === edgeBranch(rule, context) ? 'edge' : undefined);
    case 'ref':
      return applyRef(rule, context);
    case 'raw':
      return notLatest(render(rule.value, values));
    case 'sha':
      return notLatest(rule.format === 'long' ? context.commit : shortCommit(context));
  }
}

const notLatest = (value: string | undefined): Given | undefined =>
  value === undefined ? undefined : { value, isLatest: false };

function applySemver(
  { pattern, value }: Extract<TagRule, { type: 'semver' }>,
  { context, values, warn }: Applying,
): Given | undefined {
  const text = value === undefined ? tagOf(context) : render(value, values);
  if (text === undefined || text === '') return undefined;
  const version = readSemver(text);
  if (version === undefined) {
    warn(`tags: ${text} is no semantic version, so type=semver,pattern=${pattern} gives no tag`);
    return undefined;
  }
  // A pre-release is never the newest of its major or minor version.
  const isRelease = version.prerelease === undefined;
  const shown = isRelease || isRaw(pattern) ? pattern : '{{version}}';
  return { value: render(shown, semverValues(version)), isLatest: isRelease };
}

const isRaw = (pattern: string): boolean => /^\{\{\s*raw\s*\}\}$/.test(pattern);

const semverValues =
  (version: Semver): Values =>
  name => {
    const { raw, major, minor, patch } = version;
    return new Map(Object.entries({ raw, version: formatSemver(version), major, minor, patch })).get(name);
  };

function applyRef({ event }: Extract<TagRule, { type: 'ref' }>, context: RunContext): Given | undefined {
  if (event === 'branch') return notLatest(branchOf(context));
  if (event === 'pr') return notLatest(context.pullRequest);
  const tag = tagOf(context);
  return tag === undefined ? undefined : { value: tag, isLatest: true };
}

function edgeBranch(
  { branch }: Extract<TagRule, { type: 'edge' }>,
  { defaultBranch }: RunContext,
): string | undefined {
  if (branch !== undefined && branch !== '') return branch;
  if (defaultBranch !== undefined) return defaultBranch;
  throw new ModelpierError('invalid-input', 'tags: type=edge: the default branch is not known in this run', {
    hint: 'name it: type=edge,branch=main',
  });
}

const globalValues =
  ({ context, commitTime }: Facts): Values =>
  (name, argument = '') => {
    switch (name) {
      case 'branch':
        return branchOf(context);
      case 'tag':
        return tagOf(context);
      case 'sha':
        return shortCommit(context);
      case 'commit_date':
        return commitTime === undefined ? undefined : formatDate(commitTime, argument);
      case 'is_default_branch':
        return String(isDefaultBranch(context));
      case 'is_not_default_branch':
        return String(!isDefaultBranch(context));
      default:
        return undefined;
    }
  };

const branchOf = ({ refType, refName, pullRequest }: RunContext): string | undefined =>
  refType === 'branch' && pullRequest === undefined ? refName : undefined;

const tagOf = ({ refType, refName }: RunContext): string | undefined =>
  refType === 'tag' ? refName : undefined;

const shortCommit = ({ commit }: RunContext): string | undefined => commit?.slice(0, 7);

/** A scheduled run is always one of the default branch. */
const isDefaultBranch = (context: RunContext): boolean =>
  context.eventName === 'schedule' ||
  (context.defaultBranch !== undefined && branchOf(context) === context.defaultBranch);

const sanitize = (text: string): string => text.replace(/[^\w.-]+/g, '-');

function checked(tag: string, { type }: TagRule): string {
  if (isTag(tag)) return tag;
  throw new ModelpierError(
    'invalid-input',
    `tags: type=${type} gives ${JSON.stringify(tag)}, which is no tag`,
    {
      hint: 'a tag has at most 128 letters, digits, "_", "." and "-", and begins with a letter, a digit or "_"',
    },
  );
}
