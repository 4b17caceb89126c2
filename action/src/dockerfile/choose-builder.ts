import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { createBuildah } from './buildah';
import { DOCKERFILE_BUILDERS, type DockerfileBuilder, type ImageBuilder } from './builder';
import { createBuildx } from './buildx';
import { askTool, type Toolbox } from './tool';

/** A builder that is ready, or why it is not and what to do. */
type Found =
  | { readonly builder: ImageBuilder }
  | { readonly builder?: undefined; readonly reason: string; readonly remedy: string };

/** The builder that was asked for; `auto` takes the first that is ready on this machine. */
export async function chooseBuilder(
  wanted: DockerfileBuilder | 'auto',
  toolbox: Toolbox,
): Promise<ImageBuilder> {
  const lacks: Exclude<Found, { builder: ImageBuilder }>[] = [];
  for (const name of wanted === 'auto' ? DOCKERFILE_BUILDERS : [wanted]) {
    const found = await PROBES[name](toolbox);
    if (found.builder !== undefined) return found.builder;
    lacks.push(found);
  }
  const reasons = lacks.map(({ reason }) => reason).join('; ');
  throw new ModelpierError('unsupported', `builder ${wanted}: ${reasons}`, {
    hint: lacks.map(({ remedy }) => remedy).join(', or '),
  });
}

const PROBES: Readonly<Record<DockerfileBuilder, (toolbox: Toolbox) => Promise<Found>>> = {
  buildx: async toolbox => {
    // Ends well even where the daemon does not answer: that is told in a line of its own.
    const lines = await askTool(toolbox, ['docker', 'buildx', 'inspect']);
    if (lines === undefined) {
      return {
        reason: 'there is no docker with buildx on this machine',
        remedy: 'run docker/setup-buildx-action before this step, or install docker-buildx',
      };
    }
    const driver = valueOf('Driver', lines);
    if (driver !== undefined) return { builder: createBuildx(toolbox, driver) };
    return {
      reason: `docker buildx has no builder: ${valueOf('Error', lines) ?? 'it names no driver'}`,
      remedy: 'start the Docker daemon or run docker/setup-buildx-action before this step',
    };
  },
  buildah: async toolbox => {
    if ((await askTool(toolbox, ['buildah', '--version'])) !== undefined) {
      return { builder: createBuildah(toolbox) };
    }
    return {
      reason: 'there is no buildah on this machine',
      remedy: 'install buildah (apt-get install buildah), which needs no daemon',
    };
  },
};

/** `Driver:   docker`. */
const valueOf = (name: string, lines: readonly string[]): string | undefined =>
  lines.map(line => new RegExp(`^${name}:\\s*(\\S.*)$`).exec(line)?.[1]).find(value => value !== undefined);
