import {
  hasCode,
  isIndex,
  LAYER_KIND,
  parseReference,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import type { Outcome, RunContainer } from '../../test/servers/kubernetes';

/** Ends every ZIP archive, and with it every TorchScript file (PKWARE APPNOTE 4.3.16). */
const END_OF_ZIP = Buffer.from('PK\u0005\u0006', 'latin1');

/** A node that really pulls the image and fails, as the real runtime does, on a model that cannot be loaded. */
export const simulatedNode =
  (registry: RegistryPorts): RunContainer =>
  async ({ image }) => {
    const reference = parseReference(image);
    try {
      const { digest, document } = await registry.getManifest(
        reference,
        reference.digest ?? reference.tag ?? 'latest',
      );
      const imageId = `${reference.registry}/${reference.path}@${digest}`;
      if (isIndex(document))
        return { kind: 'image-missing', message: 'the demo runs single-platform images' };
      for (const layer of document.layers) {
        if (layer.annotations?.[LAYER_KIND] !== 'weights') continue;
        if (!(await holdsArchive(registry, reference, layer))) return brokenModel(imageId);
      }
      return { kind: 'running', imageId };
    } catch (error) {
      if (!hasCode(error, 'not-found')) throw error;
      return { kind: 'image-missing', message: `${image}: manifest unknown: not found` };
    }
  };

const holdsArchive = async (
  registry: RegistryPorts,
  repository: Repository,
  layer: Parameters<RegistryPorts['readBlob']>[1],
): Promise<boolean> => Buffer.from(await registry.readBlob(repository, layer)).includes(END_OF_ZIP);

function brokenModel(imageId: string): Outcome {
  const message =
    'cannot load model.pt: PytorchStreamReader failed reading zip archive: failed finding central directory';
  return { kind: 'crashed', imageId, exitCode: 1, message, log: `${message}\n`, afterMs: 300 };
}
