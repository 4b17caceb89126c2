import { hasCode, type Schemas, schemasOf } from '@modelpier/backstage-plugin-modelpier-common';
import type { RawReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';

/** The whole of a cluster with hundreds of custom kinds stays well below. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What the cluster says of the fields of these versions; nothing where it cannot be read, for it only explains. */
export async function readSchemas(
  apiVersions: readonly string[],
  reader: RawReader,
  { signal }: Waiting,
): Promise<Schemas> {
  const read = async (path: string): Promise<Schemas> =>
    schemasOf(await reader.getJson(path, { signal, maxBytes: MAX_BYTES }));
  try {
    const documents: Schemas[] = [];
    for (const apiVersion of new Set(apiVersions)) documents.push(await read(pathOf(apiVersion)));
    return Object.assign({}, ...documents) as Schemas;
  } catch (error) {
    signal?.throwIfAborted();
    // Version 3 came with Kubernetes 1.24; before, one document holds everything.
    return hasCode(error, 'not-found') ? read('/openapi/v2').catch(() => nothing(signal)) : {};
  }
}

const pathOf = (apiVersion: string): string =>
  `/openapi/v3/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;

function nothing(signal: AbortSignal | undefined): Schemas {
  signal?.throwIfAborted();
  return {};
}
