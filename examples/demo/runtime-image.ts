import { createHash } from 'node:crypto';
import { formatReference, parseRepository } from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { pushBase } from '../../test/servers/registry/base-images';

/** Sizes in proportion to a real runtime (system, PyTorch, server), a tenth as large so that a laptop does not notice. */
const LAYER_BYTES = [3_000_000, 40_000_000, 72_000] as const;

/** Puts a stand-in for the serving runtime into the embedded registry: real layers of bytes that nobody runs. */
export async function pushRuntime(registry: RegistryPorts, host: string): Promise<string> {
  const repository = parseRepository(`${host}/acme/runtime-torchscript`);
  const { digest } = await pushBase(registry, repository, {
    tag: 'demo',
    layers: LAYER_BYTES.map((bytes, index) => incompressible(bytes, index)),
    config: { config: { User: '65532', Entrypoint: ['python3', '-m', 'modelpier_torchscript'] } },
  });
  return formatReference({ ...repository, tag: 'demo', digest });
}

/** The same bytes on every run, so that the demo's digests are the same everywhere. */
function incompressible(bytes: number, seed: number): Buffer {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 64 < bytes; block += 1) {
    blocks.push(createHash('sha512').update(`${seed} ${block}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}
