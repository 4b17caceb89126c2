import { hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import { sha256 } from './image/sha256';
import type { UntaggedImage } from './image/untagged-image';
import { attachProvenance } from './attach-provenance';
import { keylessSigner } from './keyless';
import type { Run } from './main';
import { PROVENANCE_TYPE, renderProvenance } from './provenance/render-provenance';
import { STATEMENT_TYPE } from './signature/attestation';
import { findBundle } from './sigstore/attach-bundle';

/** Says by which run an image was built and from what, beside the image; signed where that is asked for. */
export async function makeProvenance(run: Run, image: UntaggedImage): Promise<void> {
  const { ports, recorder } = run;
  const { root, repositories, modelDigest, bases } = image;
  const [repository] = repositories;
  if (repository === undefined) throw new TypeError('there is no repository that has the image');
  const workflow = ports.workflowRun();
  const statement = renderProvenance({ repository, digest: root.digest, modelDigest, bases, run: workflow });
  const bundle = (await isBundled(run, image)) ? undefined : await signStatement(run, statement);
  const attached: string[] = [];
  for (const each of repositories) {
    const references = await attachProvenance(run, { repository: each, root, statement, bundle });
    attached.push(...references);
    ports.tell.note(`provenance of ${root.digest}: ${references.join(', ')}`);
  }
  const attestation = bundle && (await tellGithub(run, bundle));
  recorder.proof({
    provenance: { digest: sha256(statement), attached, ...(attestation && { attestation }) },
  });
}

/** The first statement stays, of each repository. */
async function isBundled({ ports }: Run, { root, repositories }: UntaggedImage): Promise<boolean> {
  const { registry, signal } = ports;
  const about = { image: root.digest, predicateType: PROVENANCE_TYPE, signal };
  const found = await Promise.all(repositories.map(each => findBundle(registry, each, about)));
  return found.every(digest => digest !== undefined);
}

/** Signed as the job: of `auto` as far as the job's permissions go. */
async function signStatement(run: Run, statement: Uint8Array): Promise<object | undefined> {
  const { provenance, sign } = run.inputs.safety;
  if (provenance !== 'auto' && sign?.by !== 'keyless') return undefined;
  try {
    return await (await keylessSigner(run)).signStatement(statement, STATEMENT_TYPE);
  } catch (error) {
    // What the job may not do, or a service does not, is no reason to fail; a mistake in the inputs is.
    if (provenance !== 'auto' || !hasCode(error, 'forbidden', 'upstream', 'unsupported')) throw error;
    const { message, hint } = error;
    const remedy = hint === undefined ? '' : `; ${hint}`;
    run.recorder.warning(`the provenance is not signed: ${message}${remedy}`);
    return undefined;
  }
}

async function tellGithub({ inputs, ports, recorder }: Run, bundle: object): Promise<string | undefined> {
  if (inputs.safety.provenance !== 'auto') return undefined;
  const told = await ports.attest(bundle);
  if ('value' in told) return told.value;
  recorder.warning(told.warning);
  return undefined;
}
