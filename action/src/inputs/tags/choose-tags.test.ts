import { parseEvent } from '../../github/event';
import { readContext, type RunContext } from '../../github/context';
import { chooseTags, needsCommitTime } from './choose-tags';
import { commitTags } from './commit-tags';
import { isRule, plainRule, readRule, type TagRule } from './rule';

const COMMIT = '90dd6032fac8bda1b6c4436a2e65de27961ed071';
const FOLDERS = { cwd: '/workspace', tmp: '/tmp' };
const EVENT = parseEvent('{"repository":{"default_branch":"master"}}');

/** The context of a ref as GitHub gives it. */
function at(ref: string, eventName = ref.startsWith('refs/pull/') ? 'pull_request' : 'push'): RunContext {
  const [, kind = '', ...name] = ref.split('/');
  return readContext(
    {
      GITHUB_EVENT_NAME: eventName,
      GITHUB_REF: ref,
      GITHUB_REF_NAME: name.join('/'),
      GITHUB_REF_TYPE: kind === 'tags' ? 'tag' : 'branch',
      GITHUB_SHA: COMMIT,
      ...(kind === 'pull' && { GITHUB_HEAD_REF: 'feature' }),
    },
    FOLDERS,
    EVENT,
  );
}

/** Rules from lines as they stand in a workflow. */
const rulesOf = (lines: string): readonly TagRule[] =>
  lines.split('\n').map(line => {
    const items = line.split(',').map(item => item.trim());
    const rule = isRule(items) ? readRule(items, fault => fail(fault)) : plainRule(line);
    return rule ?? fail(`no rule in ${line}`);
  });
const fail = (words: string): never => {
  throw new Error(words);
};

const choose = (lines: string, context: RunContext) =>
  chooseTags(rulesOf(lines), { context, version: '0.9.0', commitTime: 1_578_615_000, isPlan: false });
const tagsOf = (lines: string, ref: string, eventName?: string): readonly string[] =>
  choose(lines, at(ref, eventName)).tags;

const TAG = 'refs/tags/v1.2.3';
const BETA = 'refs/tags/v2.0.8-beta.67';
const MASTER = 'refs/heads/master';
const REFS = 'type=ref,event=branch\ntype=ref,event=tag\ntype=ref,event=pr';
const VERSIONS =
  'type=ref,event=branch\ntype=ref,event=pr\ntype=semver,pattern={{version}}\ntype=semver,pattern={{major}}.{{minor}}';

// The documented examples of docker/metadata-action, README.md.
it.each([
  [REFS, 'refs/pull/2/merge', ['pr-2']],
  [REFS, MASTER, ['master']],
  [REFS, 'refs/heads/releases/v1', ['releases-v1']],
  [REFS, TAG, ['v1.2.3', 'latest']],
  [REFS, BETA, ['v2.0.8-beta.67', 'latest']],
  [VERSIONS, 'refs/pull/2/merge', ['pr-2']],
  [VERSIONS, MASTER, ['master']],
  [VERSIONS, 'refs/heads/releases/v1', ['releases-v1']],
  [VERSIONS, TAG, ['1.2.3', '1.2', 'latest']],
  [VERSIONS, BETA, ['2.0.8-beta.67']],
  [`${VERSIONS}\ntype=sha`, TAG, ['1.2.3', '1.2', 'sha-90dd603', 'latest']],
  ['type=semver,pattern={{raw}}', TAG, ['v1.2.3', 'latest']],
  ['type=semver,pattern=v{{major}}', TAG, ['v1', 'latest']],
  ['type=semver,pattern={{minor}}', TAG, ['2', 'latest']],
  ['type=semver,pattern={{patch}}', TAG, ['3', 'latest']],
  ['type=semver,pattern={{raw}}', BETA, ['v2.0.8-beta.67']],
  ['type=semver,pattern={{major}}.{{minor}}', BETA, ['2.0.8-beta.67']],
  ['type=semver,pattern={{version}},value=v1.0.0', MASTER, ['1.0.0', 'latest']],
  ['type=ref,event=branch', 'refs/heads/my/branch', ['my-branch']],
  ['type=sha', MASTER, ['sha-90dd603']],
  ['type=sha,format=long', MASTER, [`sha-${COMMIT}`]],
  ['type=sha,format=long,prefix=', MASTER, [COMMIT]],
  ['type=sha,prefix={{branch}}-', MASTER, ['master-90dd603']],
  ['type=raw,value=my-tag-{{branch}}-{{sha}}', MASTER, ['my-tag-master-90dd603']],
  ['type=raw,value=foo\ntype=raw,bar\nbaz', MASTER, ['foo', 'bar', 'baz']],
  ['type=raw,value=latest,enable={{is_default_branch}}\ntype=sha', MASTER, ['latest', 'sha-90dd603']],
  ['type=raw,value=latest,enable={{is_default_branch}}\ntype=sha', 'refs/heads/dev', ['sha-90dd603']],
  ['type=edge', MASTER, ['edge']],
  ['type=edge,branch=main', 'refs/heads/main', ['edge']],
  ["type=raw,value={{commit_date 'YYYYMMDD-HHmmss'}}", MASTER, ['20200110-001000']],
])('gives for %s at %s the tags %j', (lines, ref, tags) => {
  expect(tagsOf(lines, ref)).toEqual(tags);
});

it.each([
  ['type=schedule', ['nightly']],
  ["type=schedule,pattern={{commit_date 'YYYYMMDD'}}", ['20200110']],
  ['type=schedule,pattern=weekly\ntype=raw,value=x,enable={{is_default_branch}}', ['weekly', 'x']],
])('gives for %s in a scheduled run the tags %j', (lines, tags) => {
  expect(tagsOf(lines, MASTER, 'schedule')).toEqual(tags);
  expect(tagsOf(`${lines}\nalways`, MASTER)).toContain('always');
});

it.each([
  ['type=sha,priority=1000\ntype=semver,pattern={{version}}', ['sha-90dd603', '1.2.3']],
  ['stable\ntype=semver,pattern={{version}},suffix=-gpu', ['1.2.3-gpu', 'stable', 'latest']],
  ['type=semver,pattern={{version}}\nlatest\n1.2.3', ['1.2.3', 'latest']],
  ['type=semver,pattern={{version}},enable=false\ntype=sha', ['sha-90dd603']],
])('puts %s in the order of priorities, of which the first decides on latest: %j', (lines, tags) => {
  expect(tagsOf(lines, TAG)).toEqual(tags);
});

it('warns of a tag that is no version, and gives nothing for it', () => {
  const { tags, warnings } = choose('type=semver,pattern={{version}}\ntype=sha', at('refs/tags/vision-2'));
  expect(tags).toEqual(['sha-90dd603']);
  expect(warnings).toEqual([
    'tags: vision-2 is no semantic version, so type=semver,pattern={{version}} gives no tag',
  ]);
});

it('takes the pull request of a run on its base branch from the event', () => {
  const event = parseEvent('{"pull_request":{"number":7},"repository":{"default_branch":"main"}}');
  const context = readContext(
    { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main', GITHUB_REF_TYPE: 'branch' },
    FOLDERS,
    event,
  );
  expect(choose(REFS, context).tags).toEqual(['pr-7']);
});

it('fails where no rule gives a tag, but for a plan, which pushes none', () => {
  const rules = rulesOf('type=semver,pattern={{version}}');
  const run = { context: at(MASTER), version: '0.9.0', commitTime: undefined };
  expect(() => chooseTags(rules, { ...run, isPlan: false })).toThrow(
    'tags: no rule gives a tag in this run of branch master',
  );
  expect(chooseTags(rules, { ...run, isPlan: true }).tags).toEqual(['0.9.0']);
});

it.each([
  ['type=sha,enable={{branch}}', 'enable={{branch}} is "master" in this run, neither true nor false'],
  ['type=raw,value=-x', 'gives "-x", which is no tag'],
  [`type=raw,value=${'x'.repeat(129)}`, 'which is no tag'],
])('refuses what comes of %s', (lines, words) => {
  expect(() => tagsOf(lines, MASTER)).toThrow(words);
});

it('asks for the default branch where nobody knows it', () => {
  const context = { ...at(MASTER), defaultBranch: undefined };
  expect(() => choose('type=edge', context)).toThrow('the default branch is not known');
});

it('tags the version and, on a branch, the branch and the commit, where there are no rules', () => {
  const chosen = (ref: string, version: string) =>
    chooseTags([], { context: at(ref), version, commitTime: undefined, isPlan: false }).tags;
  expect(chosen('refs/heads/feature/new net', '1.3.0')).toEqual(['1.3.0', 'feature-new-net', 'sha-90dd603']);
  expect(chosen(MASTER, 'master')).toEqual(['master', 'sha-90dd603']);
  expect(chosen(TAG, '1.2.3')).toEqual(['1.2.3']);
});

it('asks for the time of the commit only where a rule shows it', () => {
  expect(needsCommitTime(rulesOf('type=sha\ntype=semver,pattern={{version}}'))).toBe(false);
  expect(needsCommitTime(rulesOf("type=sha,suffix=-{{commit_date 'YY'}}"))).toBe(true);
});

it.each([
  ['', ['sha-90dd603', `sha-${COMMIT}`, 'master-90dd603']],
  ['type=sha,prefix=git-', ['git-90dd603', 'sha-90dd603', `sha-${COMMIT}`, 'master-90dd603']],
  [
    'type=semver,pattern={{version}}\ntype=sha,format=long',
    [`sha-${COMMIT}`, 'sha-90dd603', 'master-90dd603'],
  ],
])('looks for the image of a commit, with the rules %j, under %j', (lines, tags) => {
  expect(commitTags(lines === '' ? [] : rulesOf(lines), at(TAG))).toEqual(tags);
});

it('finds under one of these tags what a branch was built as', () => {
  const built = chooseTags([], { context: at(MASTER), version: 'any', commitTime: undefined, isPlan: false });
  expect(built.tags.filter(tag => commitTags([], at(TAG)).includes(tag))).toEqual(['sha-90dd603']);
});
