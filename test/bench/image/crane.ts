import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from '../command';

const SOURCES = '/etc/apt/sources.list.d/debian.sources';

/** Debian sid at the mirror that this machine already uses. */
async function sidSources(): Promise<string> {
  const [, mirror] = /^URIs: *(\S+)/m.exec(await readFile(SOURCES, 'utf8')) ?? [];
  if (mirror === undefined) throw new Error(`${SOURCES} names no mirror`);
  return [
    'Types: deb',
    `URIs: ${mirror}`,
    'Suites: sid',
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
    '',
  ].join('\n');
}

/** crane, of the system or else from Debian sid, unpacked beside the system and kept in `cache`. */
export async function findCrane(cache: string, signal: AbortSignal): Promise<string> {
  const own = join(cache, 'crane', 'usr', 'bin', 'crane');
  for (const program of ['crane', own]) {
    const { code } = await attempt({ program, args: ['version'], signal }).catch(() => ({ code: -1 }));
    if (code === 0) return program;
  }
  await unpackFromSid(join(cache, 'crane'), signal);
  await access(own);
  return own;
}

/** apt with lists and a state of its own: the machine's package sources stay as they are. */
async function unpackFromSid(folder: string, signal: AbortSignal): Promise<void> {
  const apt = join(folder, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'sources']) {
    await mkdir(join(apt, part), { recursive: true });
  }
  await writeFile(join(apt, 'sources', 'sid.sources'), await sidSources());
  await writeFile(join(apt, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(apt, 'sources'),
    'Dir::State': apt,
    'Dir::State::lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const aptGet = (...args: readonly string[]) =>
    run({ program: 'apt-get', args: [...options, '-q', ...args], cwd: apt, signal });
  await aptGet('update');
  await aptGet('download', 'crane');
  await run({ program: 'sh', args: ['-c', 'dpkg-deb -x "$1"/crane_*.deb "$2"', '-', apt, folder], signal });
  await rm(apt, { recursive: true });
}
