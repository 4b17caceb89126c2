import { readDockerfileInputs } from './dockerfile-inputs';
import { InputReader } from './reader';
import { secretInputs } from './secret-inputs';

const environmentOf = (inputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

function read(inputs: Readonly<Record<string, string>>) {
  const reader = new InputReader(environmentOf(inputs));
  const value = readDockerfileInputs(reader);
  reader.finish();
  return value;
}

it.each([
  [{}, 'found'],
  [{ builder: 'auto', compression: 'auto' }, 'found'],
  [{ file: 'docker/Dockerfile' }, 'auto'],
  [{ context: '.' }, 'auto'],
  [{ 'build-args': 'A=1' }, 'auto'],
  [{ 'base-image': 'ghcr.io/a/b' }, 'layers'],
  [{ entrypoint: 'serve' }, 'layers'],
  [{ compression: 'zstd' }, 'layers'],
  [{ builder: 'layers', 'base-image': 'ghcr.io/a/b' }, 'layers'],
  [{ builder: 'buildah' }, 'buildah'],
  [{ builder: 'buildx', file: 'Dockerfile' }, 'buildx'],
])('of %j the builder is %s', (inputs, builder) => {
  expect(read(inputs).builder).toBe(builder);
});

it.each<[Record<string, string>, string[]]>([
  [{ builder: 'layers', file: 'Dockerfile', secrets: 'a=b' }, ['file', 'secrets']],
  [{ builder: 'buildah', 'base-image': 'a', compression: 'gzip' }, ['base-image', 'compression']],
  [{ file: 'Dockerfile', env: 'A=1', code: 'serve.py' }, ['code', 'env']],
  [{ builder: 'podman' }, ['builder']],
  [{ 'build-args': 'ALONE' }, ['build-args']],
])('names what does not go together in %j', (inputs, names) => {
  const failure = (() => {
    try {
      read(inputs);
    } catch (error) {
      return error as { readonly faults: readonly { readonly path: string }[] };
    }
    throw new Error('nothing is wrong with it');
  })();
  expect(failure.faults.map(({ path }) => path)).toEqual(names);
});

it('reads arguments and secrets with commas, spaces, equal signs and several lines', () => {
  const inputs = read({
    'build-args': 'LIST=a, b\nURL=http://x/?a=b',
    secrets: 'token=se,cr et=\n"key=first\nsecond"\njson={"a": 1, "b": "c"}',
  });
  expect(inputs.buildArgs).toEqual({ LIST: 'a, b', URL: 'http://x/?a=b' });
  expect(inputs.secrets).toEqual({ token: 'se,cr et=', key: 'first\nsecond', json: '{"a": 1, "b": "c"}' });
});

it.each(['hunter2', 'to ken=hunter2', 'a,b=hunter2', 'token='])(
  'never repeats a secret that it refuses: %s',
  secrets => {
    expect(() => read({ secrets })).toThrow('item 1 is not id=value');
    expect(() => read({ secrets })).not.toThrow('hunter2');
  },
);

it('masks every line of a secret', () => {
  expect(secretInputs(environmentOf({ secrets: 'token=hunter2\n"key=first\n\nsecond"' }))).toEqual([
    'hunter2',
    'first',
    'second',
  ]);
});
