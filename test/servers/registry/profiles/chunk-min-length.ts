import { Refusal } from '../answer';
import { announcedBytes, isUploadPart, type Profile, uploadOf } from '../profile';

/**
 * A registry on an object store whose parts have a least size: distribution-spec 1.1, "Pushing a blob in
 * chunks": every chunk but the last has at least `OCI-Chunk-Min-Length` bytes, so what was cut shorter
 * cannot be gone on from.
 */
export const chunkMinLength = (minBytes: number): Profile => ({
  prepare: exchange => {
    const upload = isUploadPart(exchange) ? uploadOf(exchange) : undefined;
    const received = upload?.stored.receivedBytes ?? 0;
    if (received > 0 && received < minBytes && announcedBytes(exchange) > 0) {
      throw new Refusal(416, 'SIZE_INVALID', `the chunk before was shorter than ${minBytes} bytes`);
    }
    return exchange;
  },
  change: ({ method }, answer) =>
    method === 'POST'
      ? { ...answer, headers: { ...answer.headers, 'oci-chunk-min-length': String(minBytes) } }
      : answer,
});
