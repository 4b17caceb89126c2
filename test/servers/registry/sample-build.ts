import { parseModel, parsePlatform, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import {
  createRegistry,
  type CredentialProvider,
  type RegistryPorts,
} from '@modelpier/backstage-plugin-modelpier-node';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type BuildRequest, buildAndPush } from '../../../action/src/image/build-image';
import type { BuildEvent } from '../../../action/src/image/event';
import { pushBase } from './base-images';
import { patientClock } from './samples';

/** One file that is sent as it is, one that is small. */
export const WEIGHTS_BYTES = 4.5 * 1024 * 1024;

/** A login that every registry may be tried with; the first question tells who asks. */
export const login =
  (username: string, password: string): CredentialProvider =>
  () =>
    Promise.resolve({ kind: 'basic', username, password });

/** A model on disk, to be built on a base of `base` and pushed to `repository`. */
export async function sampleBuild(options: {
  readonly repository: Repository;
  readonly base: Repository;
  readonly credentials: CredentialProvider;
  readonly weights?: Uint8Array;
}) {
  const { repository, base, credentials, weights = randomBytes(WEIGHTS_BYTES) } = options;
  const clock = patientClock();
  const registry = createRegistry({ credentials, clock, random: () => 0.5 });
  const folder = await mkdtemp(join(tmpdir(), 'modelpier-sample-'));
  const write = async (path: string, content: Uint8Array | string) => {
    const absolutePath = join(folder, path);
    await writeFile(absolutePath, content);
    return { path, absolutePath, sizeBytes: Buffer.byteLength(content) };
  };
  const { digest } = await pushBase(registry, base, { layers: [Buffer.from('first'), randomBytes(2000)] });
  const request: BuildRequest = {
    repositories: [repository],
    tags: ['1.0.0', 'latest'],
    baseImage: { ...base, digest },
    platforms: [parsePlatform('linux/amd64')],
    model: parseModel({
      apiVersion: 'modelpier.io/v1',
      kind: 'Model',
      metadata: { name: 'digits' },
      spec: { files: ['model.pt'] },
    }),
    version: '1.0.0',
    format: 'torchscript',
    files: [await write('model.pt', weights), await write('labels.json', '["zero"]')],
    compression: 'auto',
    epochSeconds: 0,
  };
  return {
    registry,
    clock,
    folder,
    request,
    build: (change: Partial<BuildRequest> & BuildHooks = {}) => {
      const { onEvent, signal, ...changed } = change;
      return buildAndPush({ registry, request: { ...request, ...changed }, onEvent, signal });
    },
    close: async () => {
      await registry.close();
      await rm(folder, { recursive: true });
    },
  };
}

interface BuildHooks {
  readonly onEvent?: (event: BuildEvent) => void;
  readonly signal?: AbortSignal;
}

/** Whether an image can be run from a tag: its manifest, its config and every layer read back whole. */
export async function isWhole(
  registry: RegistryPorts,
  repository: Repository,
  tag: string,
): Promise<boolean> {
  const { document } = await registry.getManifest(repository, tag);
  if (!('layers' in document)) return false;
  for (const blob of [document.config, ...document.layers]) {
    // Reading checks size and digest.
    await finished((await registry.openBlob(repository, blob)).resume());
  }
  return true;
}
