import { type Answer, Refusal } from '../answer';
import type { Exchange } from '../exchange';
import { type Profile, uploadOf } from '../profile';

/**
 * Docker's own registry 2.8, as Debian ships it and Harbor has it inside: the address of an upload holds
 * how far it is, and one that broke off elsewhere is dropped (seen on the real one; distribution/distribution,
 * "upload resumed at wrong offset"). Such a blob is sent anew.
 */
export const dockerRegistry: Profile = {
  prepare: exchange => {
    const upload = uploadOf(exchange);
    if (upload === undefined || upload.stored.receivedBytes === stateOf(exchange)) return exchange;
    for (const [id, open] of exchange.registry.uploads) {
      if (open === upload) exchange.registry.uploads.delete(id);
    }
    throw new Refusal(404, 'BLOB_UPLOAD_INVALID', 'blob upload invalid');
  },
  change: (_, answer) => withState(answer),
};

const stateOf = ({ url }: Exchange): number => Number(url.searchParams.get('_state') ?? -1);

function withState(answer: Answer): Answer {
  const { location, range } = answer.headers ?? {};
  if (location?.includes('/blobs/uploads/') !== true || range === undefined) return answer;
  const last = Number(range.replace('0-', ''));
  const offset = last === 0 ? 0 : last + 1;
  return { ...answer, headers: { ...answer.headers, location: `${location}?_state=${offset}` } };
}
