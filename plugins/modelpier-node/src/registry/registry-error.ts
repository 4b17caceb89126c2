import {
  type ErrorCode,
  list,
  ModelpierError,
  object,
  optional,
  parseWith,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';
import { readCapped } from './body';
import { hintFor, type Refused } from './hint';
import { redact } from './redact';
import { systemCode } from './system-code';
import type { HttpResponse } from './transport';

/** An error body is a few lines; what is longer is a page of some proxy. */
const MAX_ERROR_BYTES = 64 * 1024;

/** A `ModelpierError` that knows whether another try may help. */
export class RegistryError extends ModelpierError {
  readonly status: number | undefined;
  readonly isTransient: boolean;
  /** What the registry asked for in `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: RegistryErrorOptions = {}) {
    super(code, message, options);
    this.status = options.status;
    this.isTransient = options.isTransient ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

interface RegistryErrorOptions {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly status?: number;
  readonly isTransient?: boolean;
  readonly retryAfterMs?: number | undefined;
}

interface AnswerContext extends Pick<Refused, 'hasCredential'>, Partial<Pick<Refused, 'path' | 'traits'>> {
  readonly nowMs: number;
  /** What the request proved itself by: an answer may repeat it, a message must not. */
  readonly sent: readonly string[];
}

/** The error that an unwanted answer stands for; `act` is "PUT ghcr.io/o/app/manifests/v1". */
export async function answeredError(
  act: string,
  response: HttpResponse,
  { nowMs, sent, hasCredential, path, traits = {} }: AnswerContext,
): Promise<RegistryError> {
  const { status } = response;
  const reason = await readReason(response, sent);
  const [method = '', address = ''] = act.split(' ');
  const host = address.split('/')[0] ?? 'the registry';
  return new RegistryError(codeOf(status), `${act}: ${reason ?? `HTTP ${status}`}`, {
    status,
    isTransient: status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501),
    retryAfterMs: parseRetryAfter(response.header('retry-after'), nowMs),
    hint: hintFor({ status, method, host, path, reason: reason ?? '', hasCredential, traits }),
  });
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'unsupported',
  408: 'timeout',
  409: 'conflict',
  412: 'forbidden',
  413: 'too-large',
  415: 'unsupported',
  429: 'rate-limited',
};
const codeOf = (status: number): ErrorCode => CODES[status] ?? 'upstream';

/** OCI distribution-spec, "Error Codes". Some registries send one error without the list. */
const errorBody = object({
  errors: list(object({ code: optional(text), message: optional(text), detail: unknownValue })),
});

async function readReason(response: HttpResponse, sent: readonly string[]): Promise<string | undefined> {
  const bytes = await readCapped(response.body, MAX_ERROR_BYTES).catch(() => undefined);
  if (bytes === undefined || bytes.byteLength === 0) return undefined;
  const body = new TextDecoder().decode(bytes);
  try {
    const { errors } = parseWith(errorBody, JSON.parse(body), 'error');
    const shown = errors.slice(0, 3).map(({ code, message }) => [code, message].filter(Boolean).join(': '));
    const reason = redact(shown.filter(Boolean).join('; '), sent);
    return reason === '' ? undefined : reason;
  } catch {
    const isPage = /^\s*</.test(body);
    return isPage ? undefined : `HTTP ${response.status}: ${redact(body, sent)}`;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Codes of Node, undici and the HTTP parser that tell of the connection, not of the request. */
const CONNECTION =
  /^(?:ECONN(?:RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENETDOWN|EAI_AGAIN|UND_ERR_(?:SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH|INFO)|HPE_.*)$/;

/** The error that a request that got no answer, or only half of one, stands for. */
export function connectionError(act: string, error: unknown, signal?: AbortSignal): ModelpierError {
  if (signal?.aborted === true) {
    return new ModelpierError('cancelled', `${act}: cancelled`, { cause: signal.reason });
  }
  if (error instanceof ModelpierError) return error;
  const code = systemCode(error);
  const isTimeout = /TIMEOUT|ETIMEDOUT/.test(code);
  const isConnection = CONNECTION.test(code);
  const reason = code === '' ? 'the connection failed' : `the connection failed (${code})`;
  if (!isConnection && code !== 'ENOTFOUND' && !/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return new ModelpierError('internal', `${act}: failed${code === '' ? '' : ` (${code})`}`, {
      cause: error,
    });
  }
  return new RegistryError(isTimeout ? 'timeout' : 'unreachable', `${act}: ${reason}`, {
    isTransient: isConnection,
    cause: error,
    hint: connectionHint(code),
  });
}

function connectionHint(code: string): string {
  if (code === 'ENOTFOUND') return 'no such host: check the name of the registry';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return 'trust the registry with NODE_EXTRA_CA_CERTS; for plain HTTP name the host in insecure-registries';
  }
  return 'check that the registry runs and that this machine may reach it';
}
