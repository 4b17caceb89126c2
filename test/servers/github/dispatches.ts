import type { Answer } from './answer';

export interface Dispatch {
  readonly workflow: string;
  readonly ref: unknown;
  readonly inputs: unknown;
}

/** Workflows that were started by hand. */
export class Dispatches {
  readonly all: Dispatch[] = [];

  create(workflow: string, { ref, inputs }: Readonly<Record<string, unknown>>): Answer {
    if (typeof ref !== 'string') return [422, { message: 'Invalid request. "ref" wasn\'t supplied.' }];
    this.all.push({ workflow: decodeURIComponent(workflow), ref, inputs });
    return [204, undefined];
  }
}
