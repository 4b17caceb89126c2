import { parsePlatform, parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import { buildxBuild } from './buildx';
import { toolBuild } from './tool-build.fixture';

const outputOf = (...given: Parameters<typeof buildxBuild>): string | undefined =>
  buildxBuild(...given).find(word => word.startsWith('--output='));

it('builds and pushes one image without attestations, and has its digest written down', () => {
  expect(buildxBuild(toolBuild(), 'docker')).toEqual([
    'docker',
    'buildx',
    'build',
    '--progress=plain',
    '--provenance=false',
    '--sbom=false',
    '--platform=linux/amd64',
    '--file=/w/Dockerfile',
    '--metadata-file=/scratch/metadata.json',
    '--output=type=image,push=true,oci-mediatypes=true',
    '--tag=ghcr.io/acme/mlp:1.0.0',
    '--build-arg=A=a b',
    '--build-arg=B=--b',
    '--secret=id=token,src=/scratch/secret-0',
    '--label=l=1',
    '--annotation=n=2',
    '/w/context',
  ]);
});

it('dates the files where BuildKit is not the one inside Docker, which refuses to', () => {
  expect(outputOf(toolBuild(), 'docker-container')).toBe(
    '--output=type=image,push=true,oci-mediatypes=true,rewrite-timestamp=true',
  );
});

it('tells BuildKit of a registry without TLS; Docker knows its own', () => {
  const build = toolBuild({ push: { reference: parseReference('127.0.0.1:5000/a:1'), isPlain: true } });
  expect(outputOf(build, 'docker-container')).toMatch(/,registry\.insecure=true$/);
  expect(outputOf(build, 'docker')).not.toContain('insecure');
});

it('only fills the cache where nothing is to be pushed', () => {
  const command = buildxBuild(toolBuild({ push: undefined }), 'docker');
  expect(command).toContain('--output=type=cacheonly');
  expect(command.join(' ')).not.toContain('--tag');
});

it('builds several platforms at once', () => {
  const platforms = ['linux/amd64', 'linux/arm64/v8'].map(parsePlatform);
  expect(buildxBuild(toolBuild({ platforms }), 'remote')).toContain('--platform=linux/amd64,linux/arm64/v8');
});
