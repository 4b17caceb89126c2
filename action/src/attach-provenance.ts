import {
  type Descriptor,
  type Digest,
  formatReference,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { attachDocument } from '@modelpier/backstage-plugin-modelpier-node';
import type { Run } from './main';
import { PROVENANCE_TYPE } from './provenance/render-provenance';
import { attestImage } from './signature/attest-image';
import { STATEMENT_TYPE } from './signature/attestation';
import { signingKey } from './signing-key';
import { attachBundle, findBundle } from './sigstore/attach-bundle';

interface Provenance {
  readonly repository: Repository;
  readonly root: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly statement: Uint8Array;
  /** The statement, signed as the job. */
  readonly bundle: object | undefined;
}

/** Keeps the statement beside the image by each signature that there is, else unsigned; answers where. */
export async function attachProvenance(run: Run, provenance: Provenance): Promise<readonly string[]> {
  const { registry, signal } = run.ports;
  const { repository: from, root, statement, bundle } = provenance;
  const repository = { registry: from.registry, path: from.path };
  const by = { image: root.digest, statement, predicateType: PROVENANCE_TYPE, signal };
  const key = await signingKey(run);
  // The first stays, also where the statement was signed again for a repository that lacks one.
  const bundled =
    (await findBundle(registry, repository, by)) ??
    (bundle && (await attachBundle(registry, repository, { ...by, subject: root, bundle })));
  const references = [
    ...(key === undefined ? [] : [await attestImage(registry, repository, { ...by, key })]),
    ...(bundled === undefined ? [] : [formatReference({ ...repository, digest: bundled })]),
  ];
  if (references.length > 0) return references;
  const digest = await attachUnsigned(run, { ...provenance, repository });
  return [formatReference({ ...repository, digest })];
}

/** By which attestations are told apart without reading them (in-toto, as Docker's builders write it). */
const PREDICATE_TYPE = 'in-toto.io/predicate-type';

async function attachUnsigned(run: Run, { repository, root, statement }: Provenance): Promise<Digest> {
  const { registry, signal } = run.ports;
  const known = await registry.listReferrers(repository, root.digest, {
    artifactType: STATEMENT_TYPE,
    signal,
  });
  const first = known.find(({ annotations = {} }) => annotations[PREDICATE_TYPE] === PROVENANCE_TYPE);
  if (first !== undefined) return first.digest;
  const annotations = { [PREDICATE_TYPE]: PROVENANCE_TYPE };
  const document = { artifactType: STATEMENT_TYPE, bytes: statement, annotations };
  return attachDocument(registry, repository, { subject: root, document, signal });
}
