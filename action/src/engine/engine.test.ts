import { parsePlatform } from '@modelpier/backstage-plugin-modelpier-common';
import { findEngine, runsPlatform } from './engine';
import { type Script, scriptedEngine } from './scripted-engine.fixture';

const find = (script: Script): ReturnType<typeof findEngine> =>
  findEngine({ run: scriptedEngine(script).run, environment: {}, onLine: () => undefined, secrets: [] });

/** As Docker 20.10 and 28 answer it. */
const DOCKER = {
  'docker version': { says: ['20.10.24 linux/amd64'] },
  'docker info': {
    says: [
      'WARNING: No swap limit support',
      '2 ["name=seccomp,profile=default"] Debian GNU/Linux 12 (bookworm)',
    ],
  },
  'docker context': { says: ['unix:///var/run/docker.sock'] },
};
const SILENT = { code: 1, says: ['', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.'] };
const podmanWith = (isRootless: boolean) => ({
  'podman info': { says: [`5.4.2 linux/arm64 4 ${isRootless}`] },
});

it('takes Docker where its engine answers', async () => {
  expect(await find({ ...DOCKER, ...podmanWith(false) })).toEqual({
    engine: { name: 'docker', version: '20.10.24', platform: parsePlatform('linux/amd64'), cpus: 2 },
  });
});

it('takes podman that has the rights of root where it does not', async () => {
  expect(await find({ 'docker version': SILENT, ...podmanWith(false) })).toMatchObject({
    engine: { name: 'podman', version: '5.4.2', cpus: 4 },
  });
});

it.each<[string, Script, string]>([
  ['no engine', {}, 'no Docker engine answers; there is no podman'],
  ['podman without root', podmanWith(true), 'podman runs without root'],
  [
    'Docker without root',
    { ...DOCKER, 'docker info': { says: ['2 ["name=rootless"] Fedora'] } },
    'Docker runs without root',
  ],
  ['Docker Desktop', { ...DOCKER, 'docker info': { says: ['8 [] Docker Desktop'] } }, 'a machine of its own'],
  [
    'an engine of another machine',
    { ...DOCKER, 'docker context': { says: ['tcp://docker:2375'] } },
    'the Docker engine is on another machine',
  ],
  [
    'an engine that does not say what it is',
    { ...DOCKER, 'docker info': { code: 1, says: ['Error response from daemon: timeout'] } },
    'the Docker engine does not say what it is (docker info)',
  ],
])('says why %s is none', async (_what, script, reason) => {
  const found = await find(script);
  expect(found).not.toHaveProperty('engine');
  expect(found).toHaveProperty('reason', expect.stringContaining(reason));
});

it('runs no image of another platform', async () => {
  const { engine } = await find(DOCKER);
  expect(engine && runsPlatform(engine, parsePlatform('linux/amd64'))).toBe(true);
  expect(engine && runsPlatform(engine, parsePlatform('linux/arm64'))).toBe(false);
});
