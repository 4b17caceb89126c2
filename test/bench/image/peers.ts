import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from '../../tools/command';
import { CRANE, findDebianTool } from '../../tools/debian-tool';

/** Another way to bring a model into a registry; each call answers the seconds it took. */
export interface Peer {
  readonly name: string;
  /** From the model's files to an image under a fresh repository. */
  push(job: PushJob): Promise<number>;
}

export interface PushJob {
  readonly workspace: string;
  readonly registry: string;
  readonly repository: string;
  /** `repository:tag` on the registry. */
  readonly base: string;
}

export interface PeerOptions {
  readonly folder: string;
  readonly cache: string;
  readonly signal: AbortSignal;
}

/** A peer, or why it cannot be had here. */
export type Found<T extends Peer> = T | { readonly name: string; readonly missing: string };

export const isFound = <T extends Peer>(found: Found<T>): found is T => !('missing' in found);

/** The bytes of the one model file in one PUT: no tool can be quicker than the registry takes them. */
export async function findCurl({ signal }: PeerOptions): Promise<Found<Peer>> {
  const name = 'curl PUT';
  if (!(await runs('curl', signal))) return { name, missing: 'curl is not installed' };
  return {
    name,
    push: async ({ workspace, registry, repository }) => {
      const file = join(workspace, 'model', 'model.safetensors');
      const digest =
        (await run({ program: 'sha256sum', args: [file], signal })).stdout.split(' ', 1)[0] ?? '';
      const begun = await fetch(`http://${registry}/v2/${repository}/blobs/uploads/`, {
        method: 'POST',
        signal,
      });
      const location = `${begun.headers.get('location') ?? ''}&digest=sha256:${digest}`;
      const type = 'Content-Type: application/octet-stream';
      const args = ['-sSf', '-X', 'PUT', '-H', type, '-T', file, location];
      return (await run({ program: 'curl', args, signal })).seconds;
    },
  };
}

/** crane keeps its archive, so that a second push can be measured without making it again. */
export interface Crane extends Peer {
  again(job: PushJob): Promise<number>;
}

export async function findCraneAppend({ folder, cache, signal }: PeerOptions): Promise<Found<Crane>> {
  const name = 'tar + crane append';
  let program: string;
  try {
    program = await findDebianTool(CRANE, { cache, signal });
  } catch (error) {
    signal.throwIfAborted();
    return {
      name,
      missing: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error),
    };
  }
  const archive = join(folder, 'crane.tar');
  const append = async ({ registry, repository, base }: PushJob): Promise<number> => {
    const args = ['append', '-b', `${registry}/${base}`, '-f', archive, '-t', `${registry}/${repository}:1`];
    return (await run({ program, args, signal })).seconds;
  };
  return {
    name,
    push: async job => {
      await rm(archive, { force: true });
      const tar = await run({ program: 'tar', args: ['-C', job.workspace, '-cf', archive, 'model'], signal });
      return tar.seconds + (await append(job));
    },
    again: append,
  };
}

export async function findBuildah({ folder, signal }: PeerOptions): Promise<Found<Peer>> {
  const name = 'buildah bud + push';
  if (!(await runs('buildah', signal))) return { name, missing: 'buildah is not installed' };
  const store = join(folder, 'buildah');
  const buildah = (...args: readonly string[]) =>
    run({
      program: 'buildah',
      args: ['--root', join(store, 'root'), '--runroot', join(store, 'run'), ...args],
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot' },
      signal,
    });
  return {
    name,
    push: async ({ workspace, registry, repository, base }) => {
      const dockerfile = join(folder, 'Dockerfile');
      await mkdir(store, { recursive: true });
      await writeFile(dockerfile, `FROM ${registry}/${base}\nCOPY model /models/bench\n`);
      await buildah('pull', '-q', '--tls-verify=false', `${registry}/${base}`);
      const image = `${registry}/${repository}:1`;
      const built = await buildah('bud', '-q', '--pull=never', '-f', dockerfile, '-t', image, workspace);
      const pushed = await buildah('push', '-q', '--tls-verify=false', image);
      await buildah('rmi', '--all', '--force');
      await rm(store, { recursive: true });
      return built.seconds + pushed.seconds;
    },
  };
}

const runs = (program: string, signal: AbortSignal): Promise<boolean> =>
  attempt({ program, args: ['--version'], signal }).then(
    ({ code }) => code === 0,
    () => false,
  );
