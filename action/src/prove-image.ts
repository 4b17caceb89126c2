import type { Release } from './build';
import type { BeforeTags } from './image/untagged-image';
import type { Run } from './main';
import { makeProvenance } from './make-provenance';
import { makeSbom } from './make-sbom';
import { pushes } from './pushes';
import { signRelease } from './sign-release';

/** What is said of an image before any tag names it. Its digest stays what it is. */
export const proveImage =
  (run: Run, release: Release): BeforeTags =>
  async image => {
    const told = { image, isPushed: pushes(run) };
    if (run.inputs.safety.sbom) await makeSbom(run, release, told);
    const { repositories, root } = image;
    if (told.isPushed && run.inputs.safety.provenance) await makeProvenance(run, image);
    if (told.isPushed) await signRelease(run, { image: root.digest, repositories });
  };
