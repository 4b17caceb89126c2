import {
  type Decoded,
  flag,
  list,
  literal,
  object,
  optional,
  record,
  text,
  unknownValue,
} from '../parse/decoder';
import { digest } from './digest';

/** How the image starts and what its layers unpack to (OCI image-spec, config.md). */
export const imageConfig = object({
  created: optional(text),
  architecture: text,
  os: text,
  variant: optional(text),
  config: optional(
    object({
      User: optional(text),
      ExposedPorts: optional(record(unknownValue)),
      Env: optional(list(text)),
      Entrypoint: optional(list(text)),
      Cmd: optional(list(text)),
      Volumes: optional(record(unknownValue)),
      WorkingDir: optional(text),
      Labels: optional(record(text)),
      StopSignal: optional(text),
    }),
  ),
  rootfs: object({ type: literal('layers'), diff_ids: list(digest) }),
  history: optional(
    list(
      object({
        created: optional(text),
        created_by: optional(text),
        author: optional(text),
        comment: optional(text),
        empty_layer: optional(flag),
      }),
    ),
  ),
});
export type ImageConfig = Decoded<typeof imageConfig>;
