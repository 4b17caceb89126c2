import { parseWith } from '../parse/decoder';
import { imageConfig } from './image-config';

const diffId = (of: string) => `sha256:${of.repeat(64).slice(0, 64)}`;

/** As docker build writes it, empty values and all. */
const DOCKER = {
  architecture: 'amd64',
  config: {
    Hostname: '',
    Env: ['PATH=/usr/bin'],
    Cmd: null,
    Entrypoint: ['python3', '-m', 'server'],
    ExposedPorts: { '8080/tcp': {} },
    Volumes: null,
    Labels: { 'io.modelpier.model': 'mnist-mlp' },
    OnBuild: null,
  },
  container: 'abc',
  created: '2026-08-04T10:00:00Z',
  history: [
    { created: '2026-08-04T10:00:00Z', created_by: 'COPY . .' },
    { created_by: 'ENV A=b', empty_layer: true },
  ],
  os: 'linux',
  rootfs: { type: 'layers', diff_ids: [diffId('a'), diffId('b')] },
};

it("reads what Docker writes, and leaves Go's nulls out", () => {
  const read = parseWith(imageConfig, DOCKER, 'image config');
  expect(read.config).toEqual({
    Env: ['PATH=/usr/bin'],
    Entrypoint: ['python3', '-m', 'server'],
    ExposedPorts: { '8080/tcp': {} },
    Labels: { 'io.modelpier.model': 'mnist-mlp' },
  });
  expect(read.rootfs.diff_ids).toEqual([diffId('a'), diffId('b')]);
});

it('reads the least that OCI asks for', () => {
  const least = { architecture: 'arm64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } };
  expect(parseWith(imageConfig, least, 'image config')).toEqual(least);
});

it.each([
  ['no platform', { rootfs: DOCKER.rootfs }, 'architecture: expected a string, got nothing; os: '],
  ['no root file system', { ...DOCKER, rootfs: undefined }, 'rootfs: expected an object, got nothing'],
  [
    'another kind of it',
    { ...DOCKER, rootfs: { type: 'tar', diff_ids: [] } },
    'rootfs.type: expected layers',
  ],
  [
    'a diff id that is no digest',
    { ...DOCKER, rootfs: { type: 'layers', diff_ids: ['x'] } },
    'rootfs.diff_ids[0]: ',
  ],
  [
    'a command that is no list',
    { ...DOCKER, config: { Cmd: 'sh' } },
    'config.Cmd: expected a list, got "sh"',
  ],
])('refuses a config with %s', (_, json, message) => {
  expect(() => parseWith(imageConfig, json, 'image config')).toThrow(message);
});
