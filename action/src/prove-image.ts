import type { Release } from './build';
import type { BeforeTags } from './image/untagged-image';
import type { Run } from './main';
import { keylessSigner } from './keyless';
import { makeProvenance } from './make-provenance';
import { makeSbom } from './make-sbom';
import { pushes } from './pushes';
import { readEndpoints } from './read-trust';
import { signRelease } from './sign-release';
import { signingKey } from './signing-key';

/** What is said of an image before any tag names it. Its digest stays what it is. */
export const proveImage =
  (run: Run, release: Release): BeforeTags =>
  async image => {
    const told = { image, isPushed: pushes(run) };
    if (run.inputs.safety.sbom) await makeSbom(run, release, told);
    const { repositories, root } = image;
    if (told.isPushed && run.inputs.safety.provenance !== false) await makeProvenance(run, image);
    if (told.isPushed) await signRelease(run, { image: root.digest, repositories });
  };

/** What proofs need that may be missing or wrong: found out before anything is pushed. */
export async function checkProofs(run: Run): Promise<void> {
  if (!pushes(run)) return;
  const { provenance, sign, signingConfig } = run.inputs.safety;
  if (provenance !== false) run.ports.workflowRun();
  await signingKey(run);
  if (sign?.by === 'keyless') await keylessSigner(run);
  else if (provenance === 'auto' && signingConfig !== undefined) await readEndpoints(run);
}
