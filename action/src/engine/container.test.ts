import { parsePlatform } from '@modelpier/backstage-plugin-modelpier-common';
import type { Toolbox } from '../dockerfile/tool';
import { type Container, type ContainerSpec, withContainer } from './container';
import type { Engine } from './engine';
import { type Script, scriptedEngine } from './scripted-engine.fixture';

const IMAGE = `registry.test/acme/mnist@sha256:${'a'.repeat(64)}`;
const ENGINE: Engine = { name: 'docker', version: '28.2.2', platform: parsePlatform('linux/amd64'), cpus: 2 };
const SPEC: ContainerSpec = {
  name: 'golden-1',
  image: IMAGE,
  user: '65532:65532',
  limits: { cpu: '250m', memory: '512Mi' },
  isPlain: true,
};
const RUNNING: Script = {
  'docker image inspect': { code: 1, says: ['Error: No such image'] },
  'docker image rm': {},
  'docker pull': {},
  'docker network create': {},
  'docker network rm': {},
  'docker create': {},
  'docker start': {},
  'docker rm': {},
  'docker logs': { says: ['loading', 'ready'] },
  'docker inspect': command => ({
    says: [command.join(' ').includes('IPAddress') ? '172.18.0.2' : 'true 0 false'],
  }),
};

function play<T>(
  work: (container: Container) => Promise<T>,
  over: Script = {},
  change: Partial<Toolbox> = {},
) {
  const { run, commands } = scriptedEngine({ ...RUNNING, ...over });
  const toolbox: Toolbox = { run, environment: {}, onLine: () => undefined, secrets: [], ...change };
  return { commands, done: withContainer(ENGINE, { spec: SPEC, toolbox }, work) };
}
const REMOVED = [
  'docker rm --force --volumes golden-1',
  'docker network rm golden-1',
  `docker image rm ${IMAGE}`,
];

it('runs the image with the least that it needs, and leaves nothing behind', async () => {
  const { commands, done } = play(container => Promise.resolve(container.address));
  expect(await done).toBe('172.18.0.2');
  expect(commands.slice(1, 5)).toEqual([
    `docker pull --quiet --platform=linux/amd64 ${IMAGE}`,
    'docker network create --internal golden-1',
    'docker create --name=golden-1 --network=golden-1 --pull=never --read-only ' +
      '--tmpfs=/tmp:exec,size=256m,mode=1777 --env=HOME=/tmp ' +
      '--env=HTTP_PROXY= --env=http_proxy= --env=HTTPS_PROXY= --env=https_proxy= --env=FTP_PROXY= ' +
      '--env=ftp_proxy= --env=NO_PROXY= --env=no_proxy= --env=ALL_PROXY= --env=all_proxy= --cap-drop=ALL ' +
      '--security-opt=no-new-privileges --pids-limit=1024 --log-driver=json-file --log-opt=max-size=1m ' +
      `--user=65532:65532 --cpus=0.25 --memory=536870912 --memory-swap=536870912 ${IMAGE}`,
    'docker start golden-1',
  ]);
  expect(commands.slice(-3)).toEqual(REMOVED);
});

it('has podman hand on no proxy', async () => {
  const podman = Object.fromEntries(
    Object.entries(RUNNING).map(([words, answer]) => [words.replace('docker', 'podman'), answer]),
  );
  const { run, commands } = scriptedEngine(podman);
  const toolbox: Toolbox = { run, environment: {}, onLine: () => undefined, secrets: [] };
  await withContainer({ ...ENGINE, name: 'podman' }, { spec: SPEC, toolbox }, () => Promise.resolve());
  expect(commands.find(text => text.startsWith('podman create'))).toContain(' --http-proxy=false ');
  expect(commands.join('\n')).not.toContain('_PROXY');
});

it('keeps an image that was there before', async () => {
  const { commands, done } = play(() => Promise.resolve(), { 'docker image inspect': { says: ['[]'] } });
  await done;
  expect(commands.slice(-2)).toEqual(REMOVED.slice(0, 2));
});

it.each([
  ['an image that cannot be pulled', 'docker pull', 'unauthorized: log in', 'check that the job may pull'],
  ['a container that cannot be made', 'docker create', 'Error: no such driver', 'set `golden: off`'],
])('says what to do about %s, and cleans up', async (_what, words, says, hint) => {
  const { commands, done } = play(() => Promise.resolve(), { [words]: { code: 1, says: [says] } });
  await expect(done).rejects.toMatchObject({
    code: 'upstream',
    message: `${words}: exit code 1: ${says}`,
    hint: expect.stringContaining(hint) as string,
  });
  expect(commands.slice(-3)).toEqual(REMOVED);
});

it('cleans up after a run that is being stopped', async () => {
  const stop = new AbortController();
  const work = (): Promise<never> => {
    stop.abort(new Error('cancelled by SIGTERM'));
    return Promise.reject(new Error('stopped'));
  };
  const { commands, done } = play(work, {}, { signal: stop.signal });
  await expect(done).rejects.toThrow('stopped');
  expect(commands.slice(-3)).toEqual(REMOVED);
});

it('asks for no more processors than there are', async () => {
  const { run, commands } = scriptedEngine(RUNNING);
  const toolbox: Toolbox = { run, environment: {}, onLine: () => undefined, secrets: [] };
  const spec = { ...SPEC, limits: { cpu: '8' } };
  await withContainer(ENGINE, { spec, toolbox }, () => Promise.resolve());
  expect(commands.join('\n')).toMatch(/--cpus=2 (?!--memory)/);
});

it.each([
  ['true 0 false', undefined],
  ['false 1 false', 'it ended with exit code 1'],
  ['false 137 true', 'it was killed at its memory limit 512Mi'],
])('knows of the state %j that %s', async (state, ending) => {
  const { done } = play(async container => [await container.ending(), await container.log()], {
    'docker inspect': { says: [state] },
  });
  expect(await done).toEqual([ending, ['loading', 'ready']]);
});
