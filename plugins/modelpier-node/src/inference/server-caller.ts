import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { PodAnswer, PodRequest } from '../kubernetes/ports';
import { readReply } from '../kubernetes/reply';
import { createTransport, type Timeouts } from '../kubernetes/transport';
import { systemCode } from '../kubernetes/unreachable';
import type { Waiting } from '../registry/ports';

/** More than any answer about a model; predictions on golden inputs included. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** A neighbour that takes longer to accept a connection is not reached. */
const TIMEOUTS: Timeouts = { connectMs: 5_000, requestMs: 60_000, watchIdleMs: 60_000 };

export interface ServerCaller {
  /** What the server answers, of any status; it is asked once, without any login and past any proxy. */
  callServer(request: PodRequest, options?: Waiting): Promise<PodAnswer>;
  close(): void;
}

/** An inference server that is reached without a cluster in between, such as one in a container of this machine. */
export function createServerCaller(server: URL): ServerCaller {
  const credentials = Promise.resolve({ headers: {}, tls: {} });
  const connection = { server, namespace: '', credentials: () => credentials };
  const transport = createTransport(connection, TIMEOUTS);
  return {
    async callServer({ method, path, body }, { signal } = {}) {
      const sent = body === undefined ? {} : { body: { type: 'application/json', text: body } };
      const request = { method, path, act: `ask ${server.host} for ${path}`, signal, ...sent };
      const limits = { maxBytes: MAX_ANSWER_BYTES, timeoutMs: TIMEOUTS.requestMs };
      const { status, text, json } = await readReply(transport, request, limits);
      return { status, text, json };
    },
    close: () => transport.close(),
  };
}

const SILENT_HOST = ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Nothing came back from the address, not even that nobody listens there: no way leads to it. */
export const isSilentHost = (error: unknown): boolean =>
  error instanceof ModelpierError && SILENT_HOST.includes(systemCode(error.cause));
