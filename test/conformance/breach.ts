/** What a server did other than the protocol says. */
export class Breach extends Error {
  override readonly name = 'Breach';
}

/** A check that this server or model gives no occasion for. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

export function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Breach(otherwise);
}

export function applicable(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new NotApplicable(otherwise);
}
