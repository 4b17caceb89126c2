/** The older API of Fulcio, which `cosign sign` asks: the token in a header, certificates as PEM. */
export const OLDER_PATH = '/api/v1/signingCert';

interface OlderRequest {
  readonly publicKey: { readonly content: string };
  readonly signedEmailAddress: string;
}

/** The same request to the newer API. */
export function newerRequest(json: string, authorization = ''): string {
  const { publicKey, signedEmailAddress } = JSON.parse(json) as OlderRequest;
  // Bytes are base64 in Go's JSON, and these bytes are PEM.
  const content = Buffer.from(publicKey.content, 'base64').toString('utf8');
  return JSON.stringify({
    credentials: { oidcIdentityToken: authorization.replace(/^bearer /i, '') },
    publicKeyRequest: { publicKey: { content }, proofOfPossession: signedEmailAddress },
  });
}

interface NewerAnswer {
  readonly signedCertificateEmbeddedSct: { readonly chain: { readonly certificates: readonly string[] } };
}

/** The certificates of the newer API's answer. */
export const olderAnswer = (json: string): string =>
  (JSON.parse(json) as NewerAnswer).signedCertificateEmbeddedSct.chain.certificates.join('');
