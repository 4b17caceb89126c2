import {
  type Digest,
  digest,
  formatRepository,
  literal,
  object,
  parseWith,
  type Repository,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';

/** What a signature is over: Red Hat's "simple signing" with cosign's type (cosign, specs/SIGNATURE_SPEC.md). */
const TYPE = 'cosign container image signature';
const payload = object({
  critical: object({
    identity: object({ 'docker-reference': text }),
    image: object({ 'docker-manifest-digest': digest }),
    type: literal(TYPE),
  }),
});

export const renderPayload = (repository: Repository, image: Digest): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': formatRepository(repository) },
        image: { 'docker-manifest-digest': image },
        type: TYPE,
      },
      optional: null,
    }),
  );

/** The image that a payload is about; throws where it is no payload of an image's signature. */
export function signedDigest(bytes: Uint8Array): Digest {
  const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return parseWith(payload, json, 'what is signed').critical.image['docker-manifest-digest'];
}
