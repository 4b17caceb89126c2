import type { Facts } from '@modelpier/backstage-plugin-modelpier-common';
import type { Release } from './build';
import type { Run } from './main';

/** What the run knows of its release, for the diagnosis of a failure. */
export function knownOf({ inputs, recorder }: Run, { files }: Release): Facts {
  const { built } = recorder;
  return {
    isGenerated: inputs.deploy.manifests.length === 0,
    modelBytes: files.length === 0 ? undefined : files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    imageBytes: built?.bytesTotal,
    platforms:
      built === undefined
        ? undefined
        : (built.platforms?.map(({ platform }) => platform) ?? [built.platform]),
  };
}
