import type { Api } from './api';
import type { LogReader } from './ports';
import { resourcePath } from './resource-path';

const DEFAULT_TAIL_LINES = 100;
/** More than anyone reads of a failed start; the server cuts at it. */
const MAX_LOG_BYTES = 1024 * 1024;
/** 400 while the container waits to start, 404 for a pod that is gone. */
const NO_LOG = [400, 404];

export function createLogReader(api: Api): LogReader {
  const readLog: LogReader['readLog'] = async ({ namespace, name }, options) => {
    const { container, tailLines = DEFAULT_TAIL_LINES, previous = false, signal } = options;
    const act = `read the log of Pod/${namespace}/${name} (${container})`;
    const path = `${resourcePath({ apiVersion: 'v1', plural: 'pods', namespace, name })}/log`;
    const query = {
      container,
      tailLines: String(tailLines),
      limitBytes: String(MAX_LOG_BYTES),
      previous: previous ? 'true' : undefined,
    };
    const maxBytes = 2 * MAX_LOG_BYTES;
    const reply = await api.call({ method: 'GET', path, query, act, signal }, { accept: NO_LOG, maxBytes });
    return NO_LOG.includes(reply.status) ? undefined : reply.text;
  };
  return { readLog };
}
