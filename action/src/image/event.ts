import type { Digest, Fate, LayerKind } from '@modelpier/backstage-plugin-modelpier-common';

/** What a build tells while it goes; the report tells it again when it is done. */
export type BuildEvent =
  /** The base was found; its layers follow. */
  | { readonly type: 'base'; readonly reference: string; readonly digest: Digest; readonly platform: string }
  /** A layer's files were read and its digests are known. */
  | { readonly type: 'packed'; readonly layer: LayerName }
  /** Bytes of a layer that go to the registry. */
  | {
      readonly type: 'sending';
      readonly layer: LayerName;
      readonly sentBytes: number;
      readonly totalBytes: number;
    }
  /** The registry has the layer. */
  | { readonly type: 'layer'; readonly layer: LayerName; readonly fate: Fate; readonly sentBytes: number }
  | { readonly type: 'manifest'; readonly digest: Digest; readonly changed: boolean }
  | { readonly type: 'tag'; readonly tag: string; readonly changed: boolean };

export interface LayerName {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly kind: LayerKind;
  /** Paths in the image; empty for layers of the base. */
  readonly files: readonly string[];
}
