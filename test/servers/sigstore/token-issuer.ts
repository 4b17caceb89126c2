import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

type Claims = Readonly<Record<string, string | number>>;

const LIFETIME_SECONDS = 300;

/** GitHub's issuer of identity tokens, and what Fulcio does with one before it gives a certificate. */
export class TokenIssuer {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #requestToken = randomUUID();
  readonly #issued: string[] = [];
  /** What the next token says of the run (docs.github.com, "OpenID Connect reference"). */
  claims: Claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:acme/digits:ref:refs/tags/v1.0.0',
    repository: 'acme/digits',
    repository_visibility: 'public',
    ref: 'refs/tags/v1.0.0',
    event_name: 'push',
    job_workflow_ref: 'acme/digits/.github/workflows/release.yml@refs/tags/v1.0.0',
    runner_environment: 'github-hosted',
    run_id: '1',
    run_attempt: '1',
  };

  /** Tokens that were given, which nobody else may come to see. */
  get issued(): readonly string[] {
    return this.#issued;
  }

  environment(url: string): Readonly<Record<string, string>> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.#requestToken,
    };
  }

  answer({ headers, url = '/' }: IncomingMessage): readonly [number, string] {
    if (headers.authorization?.toLowerCase() !== `bearer ${this.#requestToken}`) return [401, '{}'];
    const audience = new URL(url, 'http://github.invalid').searchParams.get('audience') ?? 'github';
    return [200, JSON.stringify({ value: this.issue(audience) })];
  }

  issue(audience: string): string {
    const now = Math.floor(Date.now() / 1000);
    const token = this.#sign({ ...this.claims, aud: audience, iat: now, exp: now + LIFETIME_SECONDS });
    this.#issued.push(token);
    return token;
  }

  /** A request for a certificate whose token and proof of possession are good, with the subject to certify. */
  admit(body: string): { readonly body: string } | { readonly refused: string } {
    const request = JSON.parse(body) as CertificateRequest;
    const claims = this.#verified(request.credentials.oidcIdentityToken);
    if (claims === undefined) return { refused: 'There was an error processing the identity token' };
    if (claims['aud'] !== 'sigstore') return { refused: 'expected audience "sigstore"' };
    if (!isPossessed(request, String(claims['sub']))) {
      return { refused: 'The signature supplied in the request could not be verified' };
    }
    const san = `https://github.com/${String(claims['job_workflow_ref'])}`;
    const credentials = { oidcIdentityToken: this.#sign({ ...claims, san }) };
    return { body: JSON.stringify({ ...request, credentials }) };
  }

  #sign(claims: Claims): string {
    const head = encode(JSON.stringify({ alg: 'ES256', typ: 'JWT' }));
    const text = `${head}.${encode(JSON.stringify(claims))}`;
    const key = { key: this.#keys.privateKey, dsaEncoding: 'ieee-p1363' as const };
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  #verified(token: string): Claims | undefined {
    const [head = '', payload = '', signature = ''] = token.split('.');
    const key = { key: this.#keys.publicKey, dsaEncoding: 'ieee-p1363' as const };
    const isOurs = verify(
      'sha256',
      Buffer.from(`${head}.${payload}`),
      key,
      Buffer.from(signature, 'base64url'),
    );
    return isOurs ? (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims) : undefined;
  }
}

interface CertificateRequest {
  readonly credentials: { readonly oidcIdentityToken: string };
  readonly publicKeyRequest?: {
    readonly publicKey: { readonly content: string };
    readonly proofOfPossession: string;
  };
  /** A request of PKCS #10 proves possession by itself. */
  readonly certificateSigningRequest?: string;
}

function isPossessed({ publicKeyRequest, certificateSigningRequest }: CertificateRequest, subject: string) {
  if (publicKeyRequest === undefined) return certificateSigningRequest !== undefined;
  const key = createPublicKey(publicKeyRequest.publicKey.content);
  const proof = Buffer.from(publicKeyRequest.proofOfPossession, 'base64');
  return verify('sha256', Buffer.from(subject), key, proof);
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');
