import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { loadManifests } from './load';

/** Runs in a fresh folder that holds a workspace with these files. */
async function inWorkspace(
  files: Readonly<Record<string, string>>,
  play: (workspace: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  try {
    const workspace = join(folder, 'workspace');
    await mkdir(workspace);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), text);
    }
    await play(workspace);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const named = (name: string, kind = 'ConfigMap'): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
/** In place of kustomize: every folder makes these documents. */
const RENDERED = 'apiVersion: v1\nkind: Secret\nmetadata: { name: rendered }\n';
const load = (
  patterns: readonly string[],
  workspace: string,
  rendered = RENDERED,
): ReturnType<typeof loadManifests> =>
  loadManifests(patterns, { workspace, renderFolder: () => Promise.resolve(rendered) });
const namesOf = async (patterns: readonly string[], workspace: string): Promise<readonly string[]> =>
  (await load(patterns, workspace)).map(({ object }) => object.metadata.name);
const problemsOf = async (
  patterns: readonly string[],
  workspace: string,
  rendered?: string,
): Promise<readonly string[]> => {
  const error: unknown = await load(patterns, workspace, rendered).catch((thrown: unknown) => thrown);
  if (!(error instanceof ModelpierError)) throw new Error('nothing was refused', { cause: error });
  return error.message.replace('read the manifests: ', '').split('; ');
};

it('reads files, folders and globs in the order given, each file once', () =>
  inWorkspace(
    {
      'a.yaml': named('a'),
      'deploy/c.yml': named('c'),
      'deploy/b.json': JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' } }),
      'deploy/README.md': 'not a manifest',
      'deploy/below/d.yaml': named('d'),
      'more/x/e.yaml': named('e'),
    },
    async workspace => {
      expect(await namesOf(['deploy', 'a.yaml', 'more/**/*.yaml', './a.yaml'], workspace)).toEqual([
        'b',
        'c',
        'a',
        'e',
      ]);
    },
  ));

it('reads every document of a file and every item of a List', () =>
  inWorkspace(
    {
      'all.yaml': `# first\n---\n${named('a')}---\n# nothing here\n---\napiVersion: v1\nkind: List\nitems:\n- ${named('b').replaceAll('\n', '\n  ')}\n- {apiVersion: v1, kind: Secret, metadata: {name: c}}\n`,
    },
    async workspace => {
      expect(await namesOf(['all.yaml'], workspace)).toEqual(['a', 'b', 'c']);
    },
  ));

it('knows what the items of a typed list are', () =>
  inWorkspace(
    { 'all.json': '{"apiVersion":"v1","kind":"SecretList","items":[{"metadata":{"name":"a"}}]}' },
    async workspace => {
      const [loaded] = await load(['all.json'], workspace);
      expect(loaded?.object).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } });
    },
  ));

it('reports every fault of every file with its line', () =>
  inWorkspace(
    {
      'bad.yaml': 'apiVersion: v1\nkind: [\n',
      'half.yaml': `${named('ok')}---\nkind: Service\nmetadata: {}\n---\n${named('ok')}`,
      'list.yaml':
        'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: c}}\n- just text\n',
      'fresh.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: train- }\n',
    },
    async workspace => {
      const problems = await problemsOf(['*.yaml', 'gone.yaml'], workspace);
      expect(problems).toEqual([
        'gone.yaml no such file, folder or match',
        expect.stringMatching(/^bad\.yaml:\d: /) as string,
        'fresh.yaml:1: metadata.generateName makes a new object with each run',
        'give it a metadata.name',
        'half.yaml:5: document 2: a Kubernetes object needs apiVersion, metadata.name',
        'list.yaml:5: a Kubernetes object needs apiVersion, kind, metadata.name',
        'half.yaml:8: ConfigMap/ok stands in half.yaml:1 already',
      ]);
    },
  ));

it('takes the same name twice where namespace or group differ', () =>
  inWorkspace(
    {
      'a.yaml': `${named('x')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: b }\n---\napiVersion: example.org/v1\nkind: ConfigMap\nmetadata: { name: x }\n`,
    },
    async workspace => {
      expect(await namesOf(['a.yaml'], workspace)).toEqual(['x', 'x', 'x']);
    },
  ));

it('reads nothing outside the workspace, by whatever way', () =>
  inWorkspace({ 'in/a.yaml': named('a') }, async workspace => {
    await writeFile(join(workspace, '../secret.yaml'), named('secret'));
    await symlink(join(workspace, '../secret.yaml'), join(workspace, 'link.yaml'));
    await symlink(join(workspace, '..'), join(workspace, 'up'));
    await symlink(join(workspace, '../secret.yaml'), join(workspace, 'in/b.yaml'));
    for (const pattern of [
      '../secret.yaml',
      'link.yaml',
      'up/secret.yaml',
      'up',
      join(workspace, '../secret.yaml'),
    ]) {
      expect((await problemsOf([pattern], workspace))[0]).toMatch(/lies outside the workspace$/);
    }
    expect((await problemsOf(['../*.yaml'], workspace))[0]).toMatch(/no such file, folder or match$/);
    await symlink('nowhere', join(workspace, 'in/c.yaml'));
    expect(await problemsOf(['in'], workspace)).toEqual([
      'in/b.yaml lies outside the workspace',
      'in/c.yaml is a link that leads nowhere',
    ]);
  }));

it.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])(
  'takes what kustomize makes of a folder with a %s, in its place',
  name =>
    inWorkspace(
      { 'b.yaml': named('b'), [`k/${name}`]: 'resources: [a.yaml]\n', 'k/a.yaml': named('a') },
      async workspace => {
        const loaded = await load(['k', 'b.yaml'], workspace);
        expect(loaded.map(({ object, at }) => [object.metadata.name, at.file])).toEqual([
          ['rendered', `k/${name}`],
          ['b', 'b.yaml'],
        ]);
      },
    ),
);

it('tells of the kustomization what is wrong with its output', () =>
  inWorkspace({ 'k/kustomization.yaml': 'resources: []\n' }, async workspace => {
    expect(await problemsOf(['k'], workspace, `${RENDERED}---\nkind: Service\n`)).toEqual([
      'k/kustomization.yaml:1: line 5 of what kustomize makes of it: document 2: a Kubernetes object needs apiVersion, metadata.name',
    ]);
    expect(await problemsOf(['k/*.yaml'], workspace)).toEqual([
      'k/kustomization.yaml is a kustomization, which says nothing alone',
      'name its folder',
    ]);
  }));

it('reads YAML 1.2, with merge keys, as it is written', () =>
  inWorkspace(
    {
      'a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: &meta { name: a }\ndata:\n  country: NO\n  time: 12:30\n  octal: "0755"\nbase: &base { x: 1, y: 2 }\nmore: { <<: *base, y: 3 }\n',
    },
    async workspace => {
      const [loaded] = await load(['a.yaml'], workspace);
      expect(loaded?.object).toMatchObject({
        data: { country: 'NO', time: '12:30', octal: '0755' },
        more: { x: 1, y: 3 },
      });
    },
  ));

it('refuses a key that stands twice, and an alias of itself', () =>
  inWorkspace(
    {
      'twice.yaml': `${named('a')}data: {}\ndata: {}\n`,
      'itself.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: &m { name: a, more: *m }\n',
    },
    async workspace => {
      expect(await problemsOf(['twice.yaml'], workspace)).toEqual(['twice.yaml:5: Map keys must be unique']);
      expect(await problemsOf(['itself.yaml'], workspace)).toEqual([
        'itself.yaml:1: too many aliases, one that holds itself, or nested too deeply',
      ]);
    },
  ));

it('refuses aliases that multiply', () =>
  inWorkspace(
    {
      'bomb.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    },
    async workspace => {
      expect(await problemsOf(['bomb.yaml'], workspace)).toEqual([
        'bomb.yaml:1: too many aliases, one that holds itself, or nested too deeply',
      ]);
    },
  ));

it.each<[string, Record<string, string>, string, string]>([
  ['a folder without manifests', { 'docs/README.md': '' }, 'docs', 'docs holds no .yaml, .yml or .json file'],
  ['files of comments', { 'a.yaml': '# later\n' }, 'a.yaml', 'a.yaml there is no object in the manifests'],
])('says so for %s', (_what, files, pattern, problem) =>
  inWorkspace(files, async workspace => {
    expect(await problemsOf([pattern], workspace)).toEqual([problem]);
  }),
);
