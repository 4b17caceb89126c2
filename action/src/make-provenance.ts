import { formatReference, type Repository } from '@modelpier/backstage-plugin-modelpier-common';
import { attachDocument } from '@modelpier/backstage-plugin-modelpier-node';
import { sha256 } from './image/sha256';
import type { UntaggedImage } from './image/untagged-image';
import type { Run } from './main';
import { PROVENANCE_TYPE, renderProvenance } from './provenance/render-provenance';
import { attestImage } from './signature/attest-image';
import { STATEMENT_TYPE } from './signature/attestation';
import { signingKey } from './signing-key';

/** Says by which run an image was built and from what, beside the image; signed where images are. */
export async function makeProvenance(run: Run, image: UntaggedImage): Promise<void> {
  const { ports, recorder } = run;
  const { root, repositories, modelDigest, bases } = image;
  const [repository] = repositories;
  if (repository === undefined) throw new TypeError('there is no repository that has the image');
  const workflow = ports.workflowRun();
  const statement = renderProvenance({ repository, digest: root.digest, modelDigest, bases, run: workflow });
  const attached: string[] = [];
  for (const { registry, path } of repositories) {
    const reference = await attach(run, { repository: { registry, path }, image, statement });
    attached.push(reference);
    ports.tell.note(`provenance of ${root.digest}: ${reference}`);
  }
  recorder.proof({ provenance: { digest: sha256(statement), attached } });
}

interface Attached {
  readonly repository: Repository;
  readonly image: UntaggedImage;
  readonly statement: Uint8Array;
}

async function attach(run: Run, { repository, image: { root }, statement }: Attached): Promise<string> {
  const { registry, signal } = run.ports;
  const key = await signingKey(run);
  const about = { image: root.digest, statement, predicateType: PROVENANCE_TYPE };
  if (key !== undefined) return attestImage(registry, repository, { ...about, key, signal });
  const known = await registry.listReferrers(repository, root.digest, {
    artifactType: STATEMENT_TYPE,
    signal,
  });
  const first = known.find(({ annotations = {} }) => annotations[PREDICATE_TYPE] === PROVENANCE_TYPE);
  if (first !== undefined) return formatReference({ ...repository, digest: first.digest });
  const annotations = { [PREDICATE_TYPE]: PROVENANCE_TYPE };
  const document = { artifactType: STATEMENT_TYPE, bytes: statement, annotations };
  const digest = await attachDocument(registry, repository, { subject: root, document, signal });
  return formatReference({ ...repository, digest });
}

/** By which attestations are told apart without reading them (in-toto, as Docker's builders write it). */
const PREDICATE_TYPE = 'in-toto.io/predicate-type';
