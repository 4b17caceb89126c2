import { formatPlatform, type Platform, parsePlatform } from '@modelpier/backstage-plugin-modelpier-common';
import { askTool, type Toolbox } from '../dockerfile/tool';

export const ENGINE_NAMES = ['docker', 'podman'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** A container engine of this machine, whose containers this machine reaches. */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  readonly platform: Platform;
  readonly cpus: number;
}

/** An engine, or why there is none to be had. */
export type FoundEngine =
  { readonly engine: Engine } | { readonly engine?: undefined; readonly reason: string };

/**
 * The first engine that is ready. Buildah is none: without root it gives a container neither a network of its own nor
 * limits (`--isolation chroot`), so that a model would run as a program of the runner.
 */
export async function findEngine(toolbox: Toolbox): Promise<FoundEngine> {
  const reasons: string[] = [];
  for (const name of ENGINE_NAMES) {
    const found = await PROBES[name](toolbox);
    if (found.engine !== undefined) return found;
    reasons.push(found.reason);
  }
  return { reason: reasons.join('; ') };
}

const PROBES: Readonly<Record<EngineName, (toolbox: Toolbox) => Promise<FoundEngine>>> = {
  docker: async toolbox => {
    const version = await askTool(toolbox, [
      'docker',
      'version',
      option('{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'),
    ]);
    const [, said, platform] = matching(VERSION, version);
    if (said === undefined || platform === undefined) return { reason: 'no Docker engine answers' };
    const info = await askTool(toolbox, [
      'docker',
      'info',
      option('{{.NCPU}} {{json .SecurityOptions}} {{.OperatingSystem}}'),
    ]);
    const host = await askTool(toolbox, [
      'docker',
      'context',
      'inspect',
      option('{{.Endpoints.docker.Host}}'),
    ]);
    const distance = distanceOf(info?.join('\n') ?? '', host?.join('\n') ?? '');
    if (distance !== undefined) return { reason: distance };
    const [, cpus] = matching(/^(\d+) /, info);
    if (cpus === undefined) return { reason: 'the Docker engine does not say what it is (docker info)' };
    return {
      engine: { name: 'docker', version: said, platform: parsePlatform(platform), cpus: Number(cpus) },
    };
  },
  podman: async toolbox => {
    const format = '{{.Version.Version}} {{.Version.OsArch}} {{.Host.CPUs}} {{.Host.Security.Rootless}}';
    const info = await askTool(toolbox, ['podman', 'info', option(format)]);
    const [, version, platform, cpus, isRootless] = matching(/^(\S+) (\w+\/\S+) (\d+) (true|false)$/, info);
    if (version === undefined || platform === undefined) return { reason: 'there is no podman' };
    if (isRootless === 'true')
      return { reason: 'podman runs without root, and so its containers have no address here' };
    return { engine: { name: 'podman', version, platform: parsePlatform(platform), cpus: Number(cpus) } };
  },
};

const option = (format: string): string => `--format=${format}`;
const VERSION = /^(\S+) (\w+\/\S+)$/;

/** Of the first line that fits: engines put warnings before and after. */
function matching(pattern: RegExp, lines: readonly string[] | undefined): readonly (string | undefined)[] {
  for (const line of lines ?? []) {
    const found = pattern.exec(line.trim());
    if (found !== null) return found;
  }
  return [];
}

/** Why the containers of the engine are not reached from here by their address. */
function distanceOf(info: string, host: string): string | undefined {
  if (/name=rootless/.test(info))
    return 'Docker runs without root, and so its containers have no address here';
  if (/Docker Desktop/.test(info)) return 'Docker Desktop keeps its containers in a machine of its own';
  if (/^(?:tcp|ssh|http|https):/m.test(host)) return 'the Docker engine is on another machine';
  return undefined;
}

/** Whether it runs images for the platform as they are, without an emulator. */
export const runsPlatform = ({ platform }: Engine, wanted: Platform): boolean =>
  formatPlatform(platform) === formatPlatform(wanted) ||
  (platform.os === wanted.os &&
    platform.architecture === wanted.architecture &&
    platform.variant === undefined);
