import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { initializeCA } from '@sigstore/mock/dist/fulcio/ca';
import { initializeCTLog } from '@sigstore/mock/dist/fulcio/ctlog';
import { fulcioHandler } from '@sigstore/mock/dist/fulcio/handler';
import { initializeTLog } from '@sigstore/mock/dist/rekor/tlog';
import { tsaHandler } from '@sigstore/mock/dist/timestamp/handler';
import { initializeTSA } from '@sigstore/mock/dist/timestamp/tsa';
import { canonicalEntry } from './canonical-entry';
import { newerRequest, OLDER_PATH, olderAnswer } from './older-fulcio';
import { TokenIssuer } from './token-issuer';
import { renderSigningConfig, renderTrustedRoot } from './trust';

export interface SigstoreServer {
  readonly url: string;
  /** What a verifier trusts: `trusted_root.json`. */
  readonly trustedRoot: unknown;
  /** Where a signer goes: `signing_config.v0.2.json`. */
  readonly signingConfig: unknown;
  /** The environment of a job that may ask for an identity. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tokens: TokenIssuer;
  /** `POST /api/v2/signingCert`, in the order in which they came. */
  readonly requests: readonly string[];
  /** PEM of the authority, the log and the log of certificates, as `cosign` reads them. */
  readonly pem: { readonly ca: string; readonly log: string; readonly certificateLog: string };
  /** Answers this path with this status from now on; nothing: as always. */
  deny(path: string, status: number | undefined): void;
  close(): Promise<void>;
}

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/**
 * The part of sigstore that signing asks: GitHub's tokens, Fulcio, Rekor and a timestamp authority, with keys of their
 * own, by sigstore's own mock. Tokens are checked as Fulcio checks them.
 */
export async function startSigstore({ log = true } = {}): Promise<SigstoreServer> {
  const requests: string[] = [];
  const denied = new Map<string, number>();
  const tokens = new TokenIssuer();
  const logKeys = keyPair();
  const certificateLog = await initializeCTLog(keyPair());
  const ca = await initializeCA(keyPair(), log ? certificateLog : undefined);
  const tsa = await initializeTSA(keyPair());
  // Authorities stamp whole seconds; of parts of one, sigstore's reader takes three digits and DER drops a last zero.
  tsa.getCurrentTime = () => new Date(Math.floor(Date.now() / 1000) * 1000);
  const tlog = await initializeTLog('http://rekor.example', logKeys);
  const issue = fulcioHandler(ca, { subjectClaim: 'san' });
  const stamp = tsaHandler(tsa);

  const certify = async (body: string): Promise<Answer> => {
    const admitted = tokens.admit(body);
    return 'refused' in admitted
      ? [400, JSON.stringify({ code: 3, message: admitted.refused })]
      : resultOf(await issue.fn(admitted.body));
  };
  const answer = async (at: string, request: IncomingMessage): Promise<Answer> => {
    const body = await readText(request);
    switch (at) {
      case 'GET /token':
        return tokens.answer(request);
      case `POST ${issue.path}`:
        return certify(body);
      case `POST ${OLDER_PATH}`: {
        const [status, said] = await certify(newerRequest(body, request.headers.authorization));
        return status === 201
          ? [status, olderAnswer(String(said)), 'application/pem-certificate-chain']
          : [status, said];
      }
      case 'POST /api/v1/log/entries':
        return [201, JSON.stringify(await tlog.log(canonicalEntry(body)))];
      case `POST ${stamp.path}`:
        await untilPlainTime();
        return resultOf(await stamp.fn(body));
      default:
        return [404, JSON.stringify({ message: 'not found' })];
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://sigstore.invalid');
    requests.push(`${request.method ?? ''} ${pathname}`);
    const status = denied.get(pathname);
    const [code, body, type = 'application/json'] =
      status === undefined
        ? await answer(`${request.method ?? ''} ${pathname}`, request)
        : ([status, JSON.stringify({ message: 'denied' })] as const);
    response.writeHead(code, { 'content-type': type }).end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const keys = {
    ca: bytesOf(ca.rootCertificate),
    log: log ? tlog.publicKey : undefined,
    certificateLog: log ? bytesOf(certificateLog.publicKey) : undefined,
    tsa: log ? undefined : [bytesOf(tsa.intCertificate), bytesOf(tsa.rootCertificate)],
  };
  return {
    url,
    tokens,
    requests,
    trustedRoot: renderTrustedRoot(keys),
    signingConfig: renderSigningConfig(url, { log }),
    environment: tokens.environment(`${url}/token`),
    pem: {
      ca: pem('CERTIFICATE', keys.ca),
      log: pem('PUBLIC KEY', tlog.publicKey),
      certificateLog: pem('PUBLIC KEY', bytesOf(certificateLog.publicKey)),
    },
    deny: (path, status) => {
      if (status === undefined) denied.delete(path);
      else denied.set(path, status);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

/** The mock writes 7 ms as `.7`, which nobody reads: it is asked where they have three digits. */
async function untilPlainTime(): Promise<void> {
  for (;;) {
    const milliseconds = new Date().getMilliseconds();
    if (milliseconds >= 100 && milliseconds < 800) return;
    await setTimeout(25);
  }
}

type Answer = readonly [status: number, body: string | Uint8Array, type?: string];

const resultOf = ({
  statusCode,
  response,
  contentType,
}: {
  statusCode: number;
  response: string | ArrayBufferView;
  contentType?: string;
}): Answer => [
  statusCode,
  typeof response === 'string' ? response : bytesOf(response),
  contentType ?? 'text/plain',
];

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const pem = (label: string, document: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(document).toString('base64')}\n-----END ${label}-----\n`;

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
