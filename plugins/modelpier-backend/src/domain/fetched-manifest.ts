import {
  type Decoded,
  type Descriptor,
  type Digest,
  digest,
  list,
  object,
  optional,
  record,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { startSettings } from './start-settings';

/** What the portal keeps of an image config. */
export const keptConfig = object({
  created: optional(text),
  labels: record(text),
  diffIds: list(digest),
  /** Left out by portals before this was kept. */
  starts: optional(startSettings),
});
export type KeptConfig = Decoded<typeof keptConfig>;

export interface FetchedManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** `linux/amd64`; `null` for an index and for what is not an image. */
  readonly platform: string | null;
  readonly config: { readonly digest: Digest; readonly document: KeptConfig } | null;
  readonly layers: readonly Descriptor[];
  /** An index's images, attestations left out. */
  readonly children: readonly Digest[];
}
