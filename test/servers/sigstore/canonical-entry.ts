import { createHash } from 'node:crypto';

interface Proposed {
  readonly kind: string;
  readonly apiVersion: string;
  readonly spec: { readonly proposedContent?: { readonly envelope: string; readonly verifiers: [string] } };
}

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string }[];
}

/** What Rekor keeps of what it is given: of an envelope its digests and signatures, never the envelope itself. */
export function canonicalEntry(json: string): object {
  const proposed = JSON.parse(json) as Proposed;
  const { kind, apiVersion, spec } = proposed;
  if (kind !== 'dsse' || spec.proposedContent === undefined) return proposed;
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope) as Envelope;
  return {
    apiVersion,
    kind,
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(envelope) },
      payloadHash: { algorithm: 'sha256', value: sha256(Buffer.from(payload, 'base64')) },
      signatures: signatures.map(({ sig }) => ({ signature: sig, verifier: verifiers[0] })),
    },
  };
}

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
