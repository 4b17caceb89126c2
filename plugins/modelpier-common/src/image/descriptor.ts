import { count, type Decoded, list, object, optional, record, text } from '../parse/decoder';
import { digest } from './digest';

/** A pointer to bytes in a registry, with their size (OCI image-spec, descriptor.md). */
export const descriptor = object({
  mediaType: text,
  digest,
  size: count,
  annotations: optional(record(text)),
  urls: optional(list(text)),
});
export type Descriptor = Decoded<typeof descriptor>;
