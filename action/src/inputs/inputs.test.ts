import { readFileSync } from 'node:fs';
import { DEPLOYMENT_STATUSES } from '@modelpier/backstage-plugin-modelpier-common';
import { parse } from 'yaml';
import { readContext, type RunContext } from '../github/context';
import { readInputs } from './inputs';
import { chooseVersion } from './version';

const FOLDERS = { cwd: '/workspace', tmp: '/tmp' };
const onBranch = (changes: Record<string, string> = {}): RunContext =>
  readContext(
    {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'main',
      GITHUB_SHA: 'a'.repeat(40),
      ...changes,
    },
    FOLDERS,
  );
const given = (inputs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
const IMAGES = { images: 'ghcr.io/acme/mnist-mlp' };
const faultsOf = (inputs: Record<string, string>): readonly string[] => {
  try {
    readInputs(given(inputs), onBranch());
  } catch (error) {
    return (error as { faults: readonly { path: string; message: string }[] }).faults.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
  return [];
};

interface ActionDocument {
  readonly inputs: Record<string, { readonly description: string; readonly default?: string }>;
  readonly outputs: Record<string, { readonly description: string }>;
}
const action = parse(readFileSync(`${__dirname}/../../../action.yml`, 'utf8')) as ActionDocument;

it('reads the defaults of action.yml without a fault', () => {
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value }]) => [name, value ?? '']),
  );
  const inputs = readInputs(given({ ...defaults, ...IMAGES }), onBranch());
  expect(inputs.mode).toBe('release');
  expect(inputs.registry.repositories).toEqual([{ registry: 'ghcr.io', path: 'acme/mnist-mlp' }]);
  expect(inputs.build.platforms).toEqual([{ os: 'linux', architecture: 'amd64' }]);
  expect(inputs.build.epoch).toBe(0);
});

it('means the same whether GitHub passes the defaults or nothing', () => {
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value }]) => [name, value ?? '']),
  );
  expect(readInputs(given({ ...defaults, ...IMAGES }), onBranch())).toEqual(
    readInputs(given(IMAGES), onBranch()),
  );
});

it('is told of every status of a deployment, and of no input that it is not served', () => {
  const { description = '' } = action.outputs['deployment-status'] ?? {};
  expect(DEPLOYMENT_STATUSES.filter(status => !description.includes(`\`${status}\``))).toEqual([]);
  expect(description).not.toMatch(/not served/i);
  const described = Object.values(action.inputs).map(input => input.description);
  expect(described.filter(text => /not served/i.test(text))).toEqual([]);
});

it.each([
  ['mode', 'ship', 'one of auto, plan'],
  ['builder', 'podman', 'one of auto, layers, buildx, buildah'],
  ['platforms', 'linux/amd64,arm64', '"arm64" is not a platform'],
  ['images', 'ghcr.io/A/b', 'is not a repository path'],
  ['tags', 'type=semver,pattern={{version}', 'not closed'],
  ['tags', 'type=pep440,pattern={{version}}', 'type=pep440 is not served'],
  ['tags', 'no spaces', 'not a tag'],
  ['rollback', 'always', 'one of on-failure, never'],
  ['timeout', 'soon', '90s, 10m or 1h30m'],
  ['replicas', '-1', 'whole number'],
  ['require-digest', 'yes', 'true or false'],
  ['labels', 'nothing', 'key=value'],
  ['namespace', 'Prod', 'DNS label'],
  ['environment-url', 'javascript:alert(1)', 'http or https'],
  ['source-date-epoch', 'now', 'seconds since 1970'],
  ['deployment', 'create', 'github.token'],
  ['password', 'secret', 'together'],
  ['image', 'ghcr.io/a/b:1', 'only mode: deploy and rollback'],
])('says what %s accepts when given %s', (name, value, words) => {
  expect(faultsOf({ ...IMAGES, [name]: value }).join('\n')).toContain(words);
});

it.each([
  [{ mode: 'rollback' }, 'golden: require: mode: rollback has no golden file'],
  [{ mode: 'build', push: 'false' }, 'golden: require: with push: false there is no image'],
  [{ mode: 'deploy', image: `ghcr.io/a/b@sha256:${'a'.repeat(64)}`, wait: 'false' }, 'needs wait: true'],
])('requires no golden check of %j, which cannot make one', (inputs, words) => {
  const required = { ...IMAGES, ...inputs, golden: 'require' };
  expect(faultsOf(required).join('\n')).toContain(words);
  expect(() => readInputs(given({ ...required, golden: 'auto' }), onBranch())).not.toThrow();
});

it('reports every bad input at once', () => {
  const faults = faultsOf({ mode: 'ship', timeout: 'soon', replicas: 'many' });
  expect(faults.map(fault => fault.split(':')[0])).toEqual(['mode', 'images', 'replicas', 'timeout']);
});

it.each([
  ['k8s/*.yaml', ['replicas: is for generated manifests; set spec.replicas in the files of `manifests`']],
  ['', []],
])('takes replicas with generated manifests only, not with %j', (manifests, faults) =>
  expect(faultsOf({ ...IMAGES, manifests, replicas: '2' })).toEqual(faults),
);

it.each([
  ['release', ['push: false leaves mode: release nothing that a cluster could pull; use mode: build']],
  ['build', []],
  ['plan', []],
])('lets mode %s go without a push, or says why not', (mode, faults) =>
  expect(faultsOf({ ...IMAGES, mode, push: 'false' })).toEqual(faults),
);

it('prunes only after a verdict', () => {
  expect(faultsOf({ ...IMAGES, prune: 'true' })).toEqual([]);
  expect(faultsOf({ ...IMAGES, prune: 'true', wait: 'false' })).toEqual([
    'prune: needs wait: true, for only a healthy release may take away what served before',
  ]);
});

it('never repeats a password that it refuses', () => {
  expect(faultsOf({ ...IMAGES, password: 'hunter2' }).join()).not.toContain('hunter2');
});

it('refuses to run on pull_request_target, whatever the mode', () => {
  const target = onBranch({ GITHUB_EVENT_NAME: 'pull_request_target' });
  for (const mode of ['auto', 'plan', 'release'])
    expect(() => readInputs(given({ ...IMAGES, mode }), target)).toThrow('code from a fork');
});

it('promotes at a tag when the mode is auto, and may build there; mode: promote may not', () => {
  const atTag = onBranch({ GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.0' });
  expect(readInputs(given(IMAGES), atTag)).toMatchObject({ mode: 'promote', canBuild: true });
  const promote = { ...IMAGES, mode: 'promote' };
  expect(readInputs(given(promote), atTag)).toMatchObject({ mode: 'promote', canBuild: false });
  expect(readInputs(given(promote), onBranch()).mode).toBe('promote');
});

it('rolls back without a repository, to a version or an image', () => {
  const inputs = readInputs(given({ mode: 'rollback', 'model-version': '1.3.0' }), onBranch());
  expect(inputs).toMatchObject({ mode: 'rollback', model: { version: '1.3.0' } });
  const image = `ghcr.io/acme/mnist-mlp@sha256:${'a'.repeat(64)}`;
  expect(readInputs(given({ mode: 'rollback', image }), onBranch()).deploy.image?.digest).toMatch(
    /^sha256:a/,
  );
});

it('plans a pull request and releases a push when the mode is auto', () => {
  expect(readInputs(given(IMAGES), onBranch({ GITHUB_EVENT_NAME: 'pull_request' })).mode).toBe('plan');
  expect(readInputs(given(IMAGES), onBranch()).mode).toBe('release');
});

it('reads rules of tags line by line, beside tags', () => {
  const tags = 'type=semver,pattern={{major}}.{{minor}}\n# moving\nstable, main\ntype=sha,enable=false';
  expect(readInputs(given({ ...IMAGES, tags }), onBranch()).registry.tags).toMatchObject([
    { type: 'semver', pattern: '{{major}}.{{minor}}' },
    { type: 'raw', value: 'stable' },
    { type: 'raw', value: 'main' },
    { type: 'sha', enable: 'false' },
  ]);
});

it('reports every bad rule of tags', () => {
  const faults = faultsOf({ ...IMAGES, tags: 'type=sha,format=x\ntype=ref\n-x' });
  expect(faults.map(fault => fault.split(':')[0])).toEqual(['tags', 'tags', 'tags']);
});

it('reads several repositories and platforms in their order, each once', () => {
  const inputs = readInputs(
    given({
      images: 'ghcr.io/acme/digits, acme/digits\ndocker.io/acme/digits',
      platforms: 'linux/arm64,linux/amd64,linux/arm64',
    }),
    onBranch(),
  );
  expect(inputs.registry.repositories).toEqual([
    { registry: 'ghcr.io', path: 'acme/digits' },
    { registry: 'docker.io', path: 'acme/digits' },
  ]);
  expect(inputs.build.platforms.map(({ architecture }) => architecture)).toEqual(['arm64', 'amd64']);
});

it('deploys by digest only', () => {
  const fault = faultsOf({ mode: 'deploy', image: 'ghcr.io/acme/mnist-mlp:1.0.0' }).join();
  expect(fault).toContain('has no digest');
});

it('reads lists with comments, blank lines and commas as GitHub users write them', () => {
  const inputs = readInputs(
    given({
      ...IMAGES,
      model: '# the weights\nmodel.pt\n\nassets/**/*.json\n"a,b.txt"',
      tags: '1.0.0, latest\nmain',
    }),
    onBranch(),
  );
  expect(inputs.model.patterns).toEqual(['model.pt', 'assets/**/*.json', 'a,b.txt']);
  expect(inputs.registry.tags).toMatchObject(
    ['1.0.0', 'latest', 'main'].map(value => ({ type: 'raw', value })),
  );
});

it.each([
  [{ GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.0' }, undefined, undefined, '1.4.0'],
  [{ GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.0' }, '2.0.0', undefined, '2.0.0'],
  [{}, undefined, '1.3.0', '1.3.0'],
  [{ GITHUB_REF_NAME: 'feature/new net' }, undefined, undefined, 'feature-new-net-aaaaaaa'],
  [{ GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'vision-2' }, undefined, undefined, 'vision-2'],
])(
  'chooses the version of %j, given %s and %s in the model file, as %s',
  (changes, input, ofModel, version) => {
    expect(chooseVersion(onBranch(changes), { given: input, ofModel })).toBe(version);
  },
);

const KEY = { 'verify-key': 'cosign.pub' };
it.each([
  [{ sign: 'key' }, 'sign-key: is needed for sign: key'],
  [{ 'sign-key': 'k' }, 'sign-key: is only used with sign: key'],
  [{ 'sign-password': 'p' }, 'sign-password: is only used with sign: key'],
  [{ sign: 'keyless', 'sign-key': 'k' }, 'sign-key: is only used with sign: key'],
  [{ 'signing-config': 'c.json' }, 'signing-config: is only used with sign: keyless and provenance: auto'],
  [
    { mode: 'deploy', image: `a.example/b@sha256:${'a'.repeat(64)}`, sign: 'key', 'sign-key': 'k' },
    'sign: mode: deploy',
  ],
  [{ verify: 'key' }, 'verify-key: is needed for verify: key'],
  [KEY, 'verify-key: is only used with verify: key'],
  [{ verify: 'identity' }, 'verify-identity: is needed for verify: identity'],
  [{ verify: 'identity', 'verify-identity': '# todo' }, 'verify-identity: is needed for verify: identity'],
  [{ 'verify-identity': 'a@b.example' }, 'verify-identity: is only used with verify: identity'],
  [{ 'trusted-root': 'r.json' }, 'trusted-root: is only used with verify: identity'],
  [{ verify: 'identity', 'verify-identity': 'https://github.com/**' }, 'verify-identity: host and owner'],
])('refuses %j', (inputs, fault) => {
  expect(faultsOf({ ...IMAGES, ...inputs })).toEqual([expect.stringContaining(fault)]);
});

it('reads who may have signed, one a line', () => {
  const lines = 'https://github.com/acme/a@refs/heads/main\n*@acme.example issuer=https://issuer.example';
  const written = given({
    ...IMAGES,
    verify: 'identity',
    'verify-identity': lines,
    'trusted-root': 'r.json',
  });
  expect(readInputs(written, onBranch()).safety.verify).toMatchObject({
    by: 'identity',
    identities: [
      { subject: 'https://github.com/acme/a@refs/heads/main' },
      { issuer: 'https://issuer.example' },
    ],
    trustedRoot: 'r.json',
  });
});

it.each([
  ['auto', 'auto'],
  ['TRUE', true],
  ['', false],
])('reads provenance: %s', (written, read) => {
  expect(readInputs(given({ ...IMAGES, provenance: written }), onBranch()).safety.provenance).toBe(read);
});

it('plans without the key that a pull request from a fork does not get', () => {
  const inputs = readInputs(given({ ...IMAGES, mode: 'plan', sign: 'key' }), onBranch());
  expect(inputs.safety.sign).toBeUndefined();
});
