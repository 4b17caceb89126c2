import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from './command';

const SOURCES = '/etc/apt/sources.list.d/debian.sources';

/** A program that this Debian does not have, and a later one does. */
export interface DebianTool {
  /** The package, and its program in `/usr/bin` unless `path` says otherwise. */
  readonly name: string;
  readonly suite: 'trixie' | 'sid';
  /** Below the package's root. */
  readonly path?: string;
  /** What makes it say which version it is, and end well. */
  readonly probe: readonly string[];
}

export const CRANE: DebianTool = { name: 'crane', suite: 'sid', probe: ['version'] };
export const COSIGN: DebianTool = { name: 'cosign', suite: 'trixie', probe: ['version'] };
export const BUILDX: DebianTool = {
  name: 'docker-buildx',
  suite: 'trixie',
  path: 'usr/libexec/docker/cli-plugins/docker-buildx',
  probe: ['version'],
};

/** The program of the system, else that of a later Debian, unpacked beside the system and kept in `cache`. */
export async function findDebianTool(
  tool: DebianTool,
  { cache, signal }: { readonly cache: string; readonly signal: AbortSignal },
): Promise<string> {
  const { name, path = `usr/bin/${name}`, probe } = tool;
  const folder = join(cache, name);
  const own = join(folder, path);
  for (const program of [name, own]) {
    const { code } = await attempt({ program, args: probe, signal }).catch(() => ({ code: -1 }));
    if (code === 0) return program;
  }
  await unpack(tool, folder, signal);
  await access(own);
  return own;
}

/** apt with lists and a state of its own: the machine's package sources stay as they are. */
async function unpack({ name, suite }: DebianTool, folder: string, signal: AbortSignal): Promise<void> {
  const apt = join(folder, 'apt');
  const sources = join(apt, 'sources');
  await mkdir(sources, { recursive: true });
  await mkdir(join(apt, 'lists/partial'), { recursive: true });
  await mkdir(join(apt, 'cache/archives/partial'), { recursive: true });
  await writeFile(join(sources, `${suite}.sources`), await sourcesOf(suite));
  await writeFile(join(apt, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': sources,
    'Dir::State': apt,
    'Dir::State::lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const aptGet = (...args: readonly string[]) =>
    run({ program: 'apt-get', args: [...options, '-q', ...args], cwd: apt, signal });
  await aptGet('update');
  await aptGet('download', name);
  await run({
    program: 'sh',
    args: ['-c', 'dpkg-deb -x "$1"/"$3"_*.deb "$2"', '-', apt, folder, name],
    signal,
  });
  await rm(apt, { recursive: true });
}

/** The suite at the mirror that this machine already uses. */
async function sourcesOf(suite: string): Promise<string> {
  const [, mirror] = /^URIs: *(\S+)/m.exec(await readFile(SOURCES, 'utf8')) ?? [];
  if (mirror === undefined) throw new Error(`${SOURCES} names no mirror`);
  return [
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${suite}`,
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
    '',
  ].join('\n');
}
