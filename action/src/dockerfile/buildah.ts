import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type Digest,
  formatPlatform,
  formatReference,
  parseDigest,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ImageBuilder, ToolBuild } from './builder';
import { BUILD_HINT, NO_TLS } from './hints';
import { option, pairOptions, secretOptions } from './options';
import { type Command, runTool, type Toolbox } from './tool';

/** Builds without a daemon; `BUILDAH_*` variables of the job reach it. */
export const createBuildah = (toolbox: Toolbox): ImageBuilder => ({
  name: 'buildah',
  async build(build) {
    await runTool(toolbox, buildahBuild(build), buildHint);
    const { push } = build;
    if (push === undefined) return undefined;
    const image = await builtImage(build);
    try {
      await runTool(
        toolbox,
        buildahPush(build, image, push),
        () => `check that the job may push to ${formatReference(push.reference)}`,
      );
    } finally {
      if (isList(build)) await forgetList(toolbox, build);
    }
    return readDigest(build);
  },
});

const buildHint = (said: string): string =>
  NO_TLS.test(said)
    ? 'name the registries without TLS in insecure-registries; where others are pulled from too, in registries.conf'
    : BUILD_HINT;

/** Each instruction is a layer of its own, and nothing in it depends on when or by what it was built. */
export function buildahBuild(build: ToolBuild): Command {
  const { dockerfile, platforms, buildArgs, secretFiles, labels, annotations, epochSeconds, pullsPlain } =
    build;
  return [
    'buildah',
    'build',
    '--layers',
    '--identity-label=false',
    option('timestamp', String(epochSeconds)),
    option('platform', platforms.map(formatPlatform).join(',')),
    option('file', dockerfile.file),
    isList(build) ? option('manifest', listName(build)) : option('iidfile', imageIdFile(build)),
    ...(pullsPlain ? ['--tls-verify=false'] : []),
    ...pairOptions('build-arg', buildArgs),
    ...secretOptions(secretFiles),
    ...pairOptions('label', labels),
    ...pairOptions('annotation', annotations),
    dockerfile.contextFolder,
  ];
}

export function buildahPush(
  build: ToolBuild,
  image: string,
  { reference, isPlain }: NonNullable<ToolBuild['push']>,
): Command {
  return [
    'buildah',
    ...(isList(build) ? ['manifest', 'push', '--all'] : ['push']),
    option('digestfile', digestFile(build)),
    ...(isPlain ? ['--tls-verify=false'] : []),
    image,
    `docker://${formatReference(reference)}`,
  ];
}

const isList = ({ platforms }: ToolBuild): boolean => platforms.length > 1;
const digestFile = ({ scratchFolder }: ToolBuild): string => join(scratchFolder, 'digest');
const imageIdFile = ({ scratchFolder }: ToolBuild): string => join(scratchFolder, 'image-id');
/** In the storage of this machine, where another run may build at the same time. */
const listName = ({ scratchFolder }: ToolBuild): string => `localhost/modelpier:${basename(scratchFolder)}`;

const builtImage = async (build: ToolBuild): Promise<string> =>
  isList(build) ? listName(build) : (await readFile(imageIdFile(build), 'utf8')).trim();

const readDigest = async (build: ToolBuild): Promise<Digest> =>
  parseDigest((await readFile(digestFile(build), 'utf8')).trim());

/** The images stay as a cache for the next build; their list would only be in its way. */
const forgetList = (toolbox: Toolbox, build: ToolBuild): Promise<unknown> =>
  toolbox.run(['buildah', 'manifest', 'rm', listName(build)], { ...toolbox, onLine: () => undefined });
