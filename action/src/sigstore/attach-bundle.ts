import type { Descriptor, Digest, Repository } from '@modelpier/backstage-plugin-modelpier-common';
import {
  attachDocument,
  type ReferrerLister,
  type RegistryPorts,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import { BUNDLE_TYPE } from './read-bundles';

/** By which a bundle says what is in it, without being read (as cosign and GitHub write it). */
const CONTENT = 'dev.sigstore.bundle.content';
const PREDICATE_TYPE = 'dev.sigstore.bundle.predicateType';

interface Bundled extends Waiting {
  readonly subject: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  /** Over a statement. */
  readonly bundle: object;
  readonly predicateType: string;
}

/** Keeps a signed statement beside an image, where cosign and `gh attestation verify --bundle-from-oci` find it. */
export const attachBundle = (
  registry: RegistryPorts,
  repository: Repository,
  { subject, bundle, predicateType, signal }: Bundled,
): Promise<Digest> =>
  attachDocument(registry, repository, {
    subject,
    document: {
      artifactType: BUNDLE_TYPE,
      bytes: Buffer.from(JSON.stringify(bundle)),
      annotations: { [CONTENT]: 'dsse-envelope', [PREDICATE_TYPE]: predicateType },
    },
    signal,
  });

/** The first bundle beside an image that states things of this type; by whom is not known. */
export async function findBundle(
  registry: ReferrerLister,
  repository: Repository,
  { image, predicateType, signal }: Waiting & { readonly image: Digest; readonly predicateType: string },
): Promise<Digest | undefined> {
  const known = await registry.listReferrers(repository, image, { artifactType: BUNDLE_TYPE, signal });
  return known.find(({ annotations = {} }) => annotations[PREDICATE_TYPE] === predicateType)?.digest;
}
