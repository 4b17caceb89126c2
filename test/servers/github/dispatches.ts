import type { Answer } from './answer';

export interface Dispatch {
  readonly workflow: string;
  readonly ref: unknown;
  readonly inputs: unknown;
}

export const FIRST_RUN = 7_310_000;

/** Workflows that were started by hand. */
export class Dispatches {
  readonly all: Dispatch[] = [];

  create(workflow: string, body: Readonly<Record<string, unknown>>): Answer {
    const { ref, inputs, return_run_details: tellsRun } = body;
    if (typeof ref !== 'string') return [422, { message: 'Invalid request. "ref" wasn\'t supplied.' }];
    this.all.push({ workflow: decodeURIComponent(workflow), ref, inputs });
    const run = FIRST_RUN + this.all.length;
    return tellsRun === true ? [200, { workflow_run_id: run, run_url: '', html_url: '' }] : [204, undefined];
  }
}
