import type { Fields } from './object';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

interface Details {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly causes?: readonly Cause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A request that ends with a `Status` in place of an object (Kubernetes API meta/v1). */
export class Refused extends Error {
  constructor(
    readonly code: number,
    readonly reason: string | undefined,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
  }

  toStatus(): Fields {
    const { code, reason, message, details } = this;
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message };
    return JSON.parse(JSON.stringify({ ...status, reason, details, code })) as Fields;
  }
}

export const notFound = (plural: string, group: string, name: string): Refused =>
  new Refused(404, 'NotFound', `${group === '' ? plural : `${plural}.${group}`} "${name}" not found`, {
    name,
    group: group === '' ? undefined : group,
    kind: plural,
  });

export const noSuchResource = (): Refused =>
  new Refused(404, 'NotFound', 'the server could not find the requested resource');

export const badRequest = (message: string): Refused => new Refused(400, 'BadRequest', message);

/** The history that the request goes back to is no longer kept. */
export const expired = (message: string): Refused => new Refused(410, 'Expired', message);

export interface Invalidity {
  readonly kind: string;
  readonly group: string;
  readonly name: string;
}

export function invalid({ kind, group, name }: Invalidity, causes: readonly Cause[]): Refused {
  const listed = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = listed.length === 1 ? (listed[0] ?? '') : `[${listed.join(', ')}]`;
  const qualified = group === '' ? kind : `${kind}.${group}`;
  return new Refused(422, 'Invalid', `${qualified} "${name}" is invalid: ${text}`, {
    name,
    group: group === '' ? undefined : group,
    kind,
    causes,
  });
}
