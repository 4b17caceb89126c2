import type { LoggerService } from '@backstage/backend-plugin-api';
import { type ErrorCode, ModelpierError, type Problem } from '@modelpier/backstage-plugin-modelpier-common';
import type { ErrorRequestHandler } from 'express';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  500: 'Internal error',
  502: 'Upstream failed',
  504: 'Upstream timed out',
};

/** By name, as errors of another copy of the package have another class. */
const STATUS_BY_NAME: Readonly<Record<string, number>> = {
  InputError: 400,
  AuthenticationError: 401,
  NotAllowedError: 403,
  NotFoundError: 404,
  ConflictError: 409,
};
const STATUS_BY_CODE: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-input': 400,
  forbidden: 403,
  'not-found': 404,
  'invalid-document': 400,
  conflict: 409,
  unsupported: 409,
  unauthorized: 502,
  unreachable: 502,
  upstream: 502,
  timeout: 504,
};

/** Answers errors as problem details (RFC 9457); what is our own fault is logged and not told. */
export function createProblemHandler(logger: LoggerService): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(error);
    if (problem.status === 500) logger.error('A request failed', toError(error));
    else if (problem.status > 500) logger.warn(`A request failed: ${toError(error).message}`);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

function toProblem(error: unknown): Problem {
  const status = statusOf(error);
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    ...((status < 500 || error instanceof ModelpierError) &&
      status !== 500 && { detail: toError(error).message }),
    ...(error instanceof ModelpierError && error.hint !== undefined && { hint: error.hint }),
  };
}

function statusOf(error: unknown): number {
  if (error instanceof ModelpierError) return STATUS_BY_CODE[error.code] ?? 500;
  return STATUS_BY_NAME[toError(error).name] ?? statusOfBody(error) ?? 500;
}

/** What the parser of bodies finds wrong with one (http-errors). */
function statusOfBody(error: unknown): number | undefined {
  const { expose, status } = (error ?? {}) as { readonly expose?: unknown; readonly status?: unknown };
  return expose === true && (status === 400 || status === 413) ? status : undefined;
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
