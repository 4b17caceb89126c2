import type { TrustedRoot } from '@sigstore/protobuf-specs';
import type { Signer } from '@sigstore/verify';
import { ModelpierError, type SignerIdentity } from '@modelpier/backstage-plugin-modelpier-common';
import type { TrustedRoots } from './trusted-root';

/** Fulcio's docs/oid-info.md: "Source Repository URI". */
const SOURCE_REPOSITORY = '1.3.6.1.4.1.57264.1.12';

/** Who signed, where one of the roots vouches for it; throws why none does. The bytes are those of a bare signature. */
export async function verifyBundle(
  json: unknown,
  { roots, bytes }: { readonly roots: TrustedRoots; readonly bytes?: Uint8Array },
): Promise<SignerIdentity> {
  const [{ bundleFromJSON }, { toSignedEntity, toTrustMaterial, Verifier }] = await Promise.all([
    import('@sigstore/bundle'),
    import('@sigstore/verify'),
  ]);
  const entity = toSignedEntity(bundleFromJSON(json), bytes === undefined ? undefined : Buffer.from(bytes));
  if (entity.key.$case !== 'certificate') throw new TypeError('the signature has no certificate');
  const { certificate } = entity.key;
  const faults: unknown[] = [];
  for (const root of roots) {
    try {
      const signer = new Verifier(toTrustMaterial(root), demandsOf(root)).verify(entity);
      return await identityOf(signer, certificate.extSubjectAltName?.value);
    } catch (error) {
      faults.push(error);
    }
  }
  throw faults[0];
}

/** What a root can vouch for it has to: GitHub's own keeps no logs, sigstore's public one keeps both. */
const demandsOf = ({ tlogs, ctlogs }: TrustedRoot) => ({
  tlogThreshold: tlogs.length > 0 ? 1 : 0,
  ctlogThreshold: ctlogs.length > 0 ? 1 : 0,
  timestampThreshold: 1,
});

async function identityOf({ identity }: Signer, written: Buffer | undefined): Promise<SignerIdentity> {
  const subject = identity?.subjectAlternativeName;
  const issuer = identity?.extensions?.issuer;
  // The library reads seven bits of each byte: other letters would pass for those that were wanted.
  if (subject === undefined || issuer === undefined || written?.includes(subject) !== true) {
    throw new ModelpierError('untrusted', 'the certificate names nobody');
  }
  const repository = identity?.oids?.find(({ oid }) => oid?.id.join('.') === SOURCE_REPOSITORY);
  return { subject, issuer, ...(repository && { repository: await textOf(repository.value) }) };
}

/** Fulcio's newer extensions are DER: a UTF8String. */
async function textOf(der: Buffer): Promise<string> {
  const { ASN1Obj } = await import('@sigstore/core');
  return ASN1Obj.parseBuffer(der).value.toString('utf8');
}
