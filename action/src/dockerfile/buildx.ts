import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  digest,
  type Digest,
  formatPlatform,
  formatReference,
  ModelpierError,
  object,
  optional,
  parseWith,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ImageBuilder, ToolBuild } from './builder';
import { BUILD_HINT, NO_TLS } from './hints';
import { option, pairOptions, secretOptions } from './options';
import { type Command, runTool, type Toolbox } from './tool';

/** Builds with BuildKit: in Docker's daemon, or in the builder that the job has set up. */
export const createBuildx = (toolbox: Toolbox, driver: string): ImageBuilder => ({
  name: 'buildx',
  async build(build) {
    const environment = { ...toolbox.environment, SOURCE_DATE_EPOCH: String(build.epochSeconds) };
    await runTool({ ...toolbox, environment }, buildxBuild(build, driver), said => hintFor(said, driver));
    return build.push === undefined ? undefined : readDigest(build);
  },
});

/** Without attestations, which would make an index of a single image. */
export function buildxBuild(build: ToolBuild, driver: string): Command {
  const { dockerfile, platforms, buildArgs, secretFiles, labels, annotations, push } = build;
  return [
    'docker',
    'buildx',
    'build',
    '--progress=plain',
    '--provenance=false',
    '--sbom=false',
    option('platform', platforms.map(formatPlatform).join(',')),
    option('file', dockerfile.file),
    option('metadata-file', metadataFile(build)),
    option('output', outputOf(build, driver)),
    ...(push === undefined ? [] : [option('tag', formatReference(push.reference))]),
    ...pairOptions('build-arg', buildArgs),
    ...secretOptions(secretFiles),
    ...pairOptions('label', labels),
    ...pairOptions('annotation', annotations),
    dockerfile.contextFolder,
  ];
}

/** The driver that builds inside Docker's daemon, which decides for itself how images are kept and pushed. */
const DAEMON = 'docker';

/** docs.docker.com, "Image and registry exporters"; time stamps of files need a BuildKit of its own. */
function outputOf({ push }: ToolBuild, driver: string): string {
  if (push === undefined) return 'type=cacheonly';
  const own = driver === DAEMON ? '' : ',rewrite-timestamp=true';
  return `type=image,push=true,oci-mediatypes=true${own}${push.isPlain && driver !== DAEMON ? ',registry.insecure=true' : ''}`;
}

const metadata = object({ 'containerimage.digest': optional(digest) });
const metadataFile = ({ scratchFolder }: ToolBuild): string => join(scratchFolder, 'metadata.json');

async function readDigest(build: ToolBuild): Promise<Digest> {
  const document: unknown = JSON.parse(await readFile(metadataFile(build), 'utf8'));
  const { 'containerimage.digest': pushed } = parseWith(metadata, document, 'metadata of docker buildx');
  if (pushed !== undefined) return pushed;
  throw new ModelpierError('upstream', 'docker buildx build: its metadata has no digest of the image', {
    hint: 'update buildx: 0.12 and later are known to work',
  });
}

function hintFor(said: string, driver: string): string {
  if (!NO_TLS.test(said)) return BUILD_HINT;
  return driver === DAEMON
    ? 'Docker asks loopback without TLS, other registries only where `insecure-registries` of its daemon.json names them'
    : 'name the registry in the configuration of the builder: [registry."host"] http = true';
}
