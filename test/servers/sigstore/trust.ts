import { createHash } from 'node:crypto';

interface TrustedKeys {
  readonly ca: Uint8Array;
  readonly log: Uint8Array | undefined;
  readonly certificateLog: Uint8Array | undefined;
  /** From the certificate that signs to its root. */
  readonly tsa: readonly Uint8Array[] | undefined;
}

const START = { start: '2020-01-01T00:00:00Z' };

/** `TrustedRoot` of sigstore's protobuf-specs as JSON: what TUF hands to verifiers. */
export const renderTrustedRoot = ({ ca, log, certificateLog, tsa }: TrustedKeys): unknown => ({
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: log === undefined ? [] : [renderLog('https://rekor.example', log)],
  certificateAuthorities: [renderAuthority('https://fulcio.example', [ca])],
  ctlogs: certificateLog === undefined ? [] : [renderLog('https://ctfe.example', certificateLog)],
  timestampAuthorities: tsa === undefined ? [] : [renderAuthority('https://tsa.example', tsa)],
});

const renderLog = (baseUrl: string, publicKey: Uint8Array): unknown => ({
  baseUrl,
  hashAlgorithm: 'SHA2_256',
  publicKey: { rawBytes: encode(publicKey), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: START },
  logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
});

const renderAuthority = (uri: string, chain: readonly Uint8Array[]): unknown => ({
  subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
  uri,
  certChain: { certificates: chain.map(document => ({ rawBytes: encode(document) })) },
  validFor: START,
});

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** `SigningConfig` v0.2: with a log, or with timestamps alone, as GitHub signs for repositories that are not public. */
export const renderSigningConfig = (url: string, { log }: { readonly log: boolean }): unknown => {
  const service = [{ url, majorApiVersion: 1, validFor: START, operator: 'sigstore.mock' }];
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: service,
    oidcUrls: [],
    rekorTlogUrls: log ? service : [],
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: log ? [] : service,
    tsaConfig: { selector: 'ANY' },
  };
};
