import { parsePlatform, parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import { buildahBuild, buildahPush } from './buildah';
import { toolBuild } from './tool-build.fixture';

const TWO = ['linux/amd64', 'linux/arm64'].map(parsePlatform);
const reference = parseReference('ghcr.io/acme/mlp:1.0.0');

it('builds a layer for each instruction, dated and labelled by nothing but the input', () => {
  expect(buildahBuild(toolBuild())).toEqual([
    'buildah',
    'build',
    '--layers',
    '--identity-label=false',
    '--timestamp=0',
    '--platform=linux/amd64',
    '--file=/w/Dockerfile',
    '--iidfile=/scratch/image-id',
    '--build-arg=A=a b',
    '--build-arg=B=--b',
    '--secret=id=token,src=/scratch/secret-0',
    '--label=l=1',
    '--annotation=n=2',
    '/w/context',
  ]);
});

it('pushes the image that was built and has its digest written down', () => {
  expect(buildahPush(toolBuild(), 'sha256:abc', { reference, isPlain: false })).toEqual([
    'buildah',
    'push',
    '--digestfile=/scratch/digest',
    'sha256:abc',
    'docker://ghcr.io/acme/mlp:1.0.0',
  ]);
});

it('leaves out TLS only for the side that has none', () => {
  const push = { reference: parseReference('127.0.0.1:5000/a:1'), isPlain: true };
  expect(buildahBuild(toolBuild({ push }))).not.toContain('--tls-verify=false');
  expect(buildahPush(toolBuild({ push }), 'x', push)).toContain('--tls-verify=false');
  expect(buildahBuild(toolBuild({ pullsPlain: true }))).toContain('--tls-verify=false');
});

it('gathers several platforms in a list of its own, and pushes all of it', () => {
  const build = toolBuild({ platforms: TWO, scratchFolder: '/tmp/modelpier-build-Ab12' });
  expect(buildahBuild(build)).toEqual(
    expect.arrayContaining([
      '--platform=linux/amd64,linux/arm64',
      '--manifest=localhost/modelpier:modelpier-build-Ab12',
    ]),
  );
  expect(buildahBuild(build).join(' ')).not.toContain('--iidfile');
  expect(buildahPush(build, 'list', { reference, isPlain: false }).slice(0, 4)).toEqual([
    'buildah',
    'manifest',
    'push',
    '--all',
  ]);
});
