import type { PodCaller } from './ports';
import { refusal } from './refusal';
import { type Reply, readReply } from './reply';
import { resourcePath } from './resource-path';
import type { Timeouts, Transport } from './transport';

/** More than any answer about a model; predictions on golden inputs included. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The API server's own way to a pod (`pods/proxy`), so that whoever reaches the one reaches the other. */
export function createPodCaller(transport: Transport, timeouts: Timeouts): PodCaller {
  const callPod: PodCaller['callPod'] = async (
    { namespace, name, port },
    { method, path, body },
    { signal } = {},
  ) => {
    const act = `ask port ${port} of Pod/${namespace}/${name} for ${path}`;
    const pod = resourcePath({ apiVersion: 'v1', plural: 'pods', namespace, name: `${name}:${port}` });
    const sent = body === undefined ? {} : { body: { type: 'application/json', text: body } };
    const request = { method, path: `${pod}/proxy${path}`, act, signal, ...sent };
    // Sent once: a server that is not ready says so, and what a POST does is not ours to repeat.
    const reply = await readReply(transport, request, {
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: timeouts.requestMs,
    });
    if (isOfApiServer(reply)) throw refusal(reply, act);
    return { status: reply.status, text: reply.text, json: reply.json };
  };
  return { callPod };
}

/** A pod could answer with such a document too; nobody gains by that but a worse message. */
const isOfApiServer = ({ status, json }: Reply): boolean =>
  status >= 400 && typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'Status';
