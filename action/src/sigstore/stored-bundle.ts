import type { SerializedBundle } from '@sigstore/bundle';
import { count, list, object, optional, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';
import type { StoredSignature } from '../signature/stored-signatures';

/** cosign, specs/SIGNATURE_SPEC.md and pkg/oci/static: what stands beside a signature without a key. */
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const LOG_ENTRY = 'dev.sigstore.cosign/bundle';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';

const certificate = object({ rawBytes: text });
const made = object({
  messageSignature: object({ signature: text }),
  verificationMaterial: object({
    certificate: optional(certificate),
    x509CertificateChain: optional(object({ certificates: list(certificate) })),
    tlogEntries: optional(
      list(
        object({
          logIndex: text,
          integratedTime: text,
          canonicalizedBody: text,
          logId: object({ keyId: text }),
          inclusionPromise: object({ signedEntryTimestamp: text }),
        }),
      ),
    ),
    timestampVerificationData: optional(
      object({ rfc3161Timestamps: optional(list(object({ signedTimestamp: text }))) }),
    ),
  }),
});

/** A bundle of one signature over bytes, as cosign keeps it under a tag. */
export function storedForm(bundle: SerializedBundle, payload: Uint8Array): StoredSignature {
  const { messageSignature, verificationMaterial } = parseWith(made, bundle, 'signature without a key');
  const { tlogEntries: [entry] = [], timestampVerificationData, ...by } = verificationMaterial;
  const leaf = by.certificate ?? by.x509CertificateChain?.certificates[0];
  if (leaf === undefined) throw new TypeError('a signature without a key has no certificate');
  const [timestamp] = timestampVerificationData?.rfc3161Timestamps ?? [];
  return {
    payload,
    signature: Buffer.from(messageSignature.signature, 'base64'),
    annotations: {
      [CERTIFICATE]: pemOf(leaf.rawBytes),
      ...(entry !== undefined && {
        [LOG_ENTRY]: JSON.stringify({
          SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
          Payload: {
            body: entry.canonicalizedBody,
            integratedTime: Number(entry.integratedTime),
            logIndex: Number(entry.logIndex),
            logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
          },
        }),
      }),
      ...(timestamp !== undefined && {
        [TIMESTAMP]: JSON.stringify({ SignedRFC3161Timestamp: timestamp.signedTimestamp }),
      }),
    },
  };
}

const logEntry = object({
  SignedEntryTimestamp: text,
  Payload: object({ body: text, integratedTime: count, logIndex: count, logID: text }),
});
const stamp = object({ SignedRFC3161Timestamp: text });
const body = object({ kind: text, apiVersion: text });

/** The certificate beside a signature, in PEM; throws where it is a signature with a key. */
export function certificateOf({ annotations: { [CERTIFICATE]: pem } = {} }: StoredSignature): string {
  if (pem === undefined) throw new TypeError('it is by a key, without a certificate');
  return pem;
}

/** The bundle of a signature as cosign keeps it, over bytes of this digest; throws where there is none to read. */
export function bundleOf(stored: StoredSignature, digest: Uint8Array): unknown {
  const { signature, annotations = {} } = stored;
  const { [LOG_ENTRY]: entry, [TIMESTAMP]: timestamp } = annotations;
  return {
    // The one that asks for no proof of inclusion, which is not kept.
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: rawOf(certificateOf(stored)) }] },
      tlogEntries: entry === undefined ? [] : [entryOf(entry)],
      timestampVerificationData: {
        rfc3161Timestamps: timestamp === undefined ? [] : [{ signedTimestamp: stampOf(timestamp) }],
      },
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: Buffer.from(digest).toString('base64') },
      signature: Buffer.from(signature).toString('base64'),
    },
  };
}

function entryOf(json: string): unknown {
  const { SignedEntryTimestamp: promise, Payload: said } = parseWith(
    logEntry,
    JSON.parse(json),
    'entry of the log',
  );
  const bytes = Buffer.from(said.body, 'base64');
  const { kind, apiVersion } = parseWith(body, JSON.parse(bytes.toString('utf8')), 'entry of the log');
  return {
    logIndex: String(said.logIndex),
    logId: { keyId: Buffer.from(said.logID, 'hex').toString('base64') },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(said.integratedTime),
    inclusionPromise: { signedEntryTimestamp: promise },
    canonicalizedBody: said.body,
  };
}

const stampOf = (json: string): string =>
  parseWith(stamp, JSON.parse(json), 'timestamp of a signature').SignedRFC3161Timestamp;

const pemOf = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

/** Of several the first, which is that of the signer. */
function rawOf(pem: string): string {
  const [, base64 = ''] =
    /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  return base64.replace(/\s/g, '');
}
