import { digest } from '../image/digest';
import { type Decoded, list, literal, object, optional, text } from '../parse/decoder';

/** Which key a signature was made with: one that was given, or one that lived for a moment under an identity. */
export const SIGNERS = ['key', 'keyless'] as const;

/** How an image came to be trusted before it was deployed. */
export const VERIFICATIONS = ['key', 'identity'] as const;

/** What is said of an image beside the image, and what was found to be said of it. */
export const reportedProof = object({
  /** The document's own digest, and its file. */
  sbom: optional(object({ digest, path: text, attached: list(text) })),
  /** Also where GitHub keeps it, signed. */
  provenance: optional(object({ digest, attached: list(text), attestation: optional(text) })),
  signature: optional(object({ by: literal(...SIGNERS), references: list(text) })),
  /** Only where a signature was asked for and is good: that an image is signed does not make it verified. */
  verified: optional(object({ by: literal(...VERIFICATIONS), image: text, signer: text })),
});
export type ReportedProof = Decoded<typeof reportedProof>;
