import type { Request } from 'express';
import { DEFAULT_ITEMS } from '../schema/openapi';

/** `limit` and `cursor`, which the document has checked already. */
export function readPage(request: Request): { limit: number; cursor: string | undefined } {
  return { limit: Number(readText(request, 'limit') ?? DEFAULT_ITEMS), cursor: readText(request, 'cursor') };
}

export function readText(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One of a list that the document has; `undefined` where the request does not say. */
export const readOneOf = <T extends string>(
  request: Request,
  name: string,
  values: readonly T[],
): T | undefined => values.find(value => value === readText(request, name));

export function readFlag(request: Request, name: string): boolean | undefined {
  const value: unknown = request.query[name];
  if (value === undefined) return undefined;
  return value === true || value === 'true';
}
