import type { Digest, Fate, LayerKind, NewLayerReason } from '@modelpier/backstage-plugin-modelpier-common';

/** What a build tells while it goes; the report tells it again when it is done. */
export type BuildEvent =
  /** A Dockerfile is about to be built by this program. */
  | { readonly type: 'builder'; readonly name: string; readonly file: string }
  /** What that program writes. */
  | { readonly type: 'tool'; readonly line: string }
  /** What that program has pushed. */
  | { readonly type: 'pushed'; readonly reference: string; readonly digest: Digest }
  /** The base was found; its layers follow. */
  | { readonly type: 'base'; readonly reference: string; readonly digest: Digest; readonly platform: string }
  /** A layer's files are being read, to know its digest. */
  | {
      readonly type: 'packing';
      readonly files: readonly string[];
      readonly readBytes: number;
      readonly totalBytes: number;
    }
  /** A layer's files were read and its digests are known. */
  | { readonly type: 'packed'; readonly layer: LayerName }
  /** Bytes of a layer that go to the registry; 0 when they are about to. */
  | {
      readonly type: 'sending';
      readonly layer: SentLayer;
      readonly target: string;
      readonly sentBytes: number;
      readonly totalBytes: number;
    }
  /** The registry has the layer. */
  | {
      readonly type: 'layer';
      readonly layer: LayerName;
      readonly target: string;
      readonly fate: Fate;
      readonly sentBytes: number;
    }
  /** The version before does not have the layer. */
  | { readonly type: 'new-layer'; readonly layer: LayerName; readonly reason: NewLayerReason }
  | {
      readonly type: 'manifest';
      readonly target: string;
      readonly digest: Digest;
      readonly changed: boolean;
    }
  | { readonly type: 'tag'; readonly target: string; readonly tag: string; readonly changed: boolean };

/** What is sent; its digest may still be in the making. */
export type SentLayer = Omit<LayerName, 'digest'> & { readonly digest: Digest | undefined };

export interface LayerName {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly kind: LayerKind;
  /** Paths in the image; empty for layers of the base and of a Dockerfile. */
  readonly files: readonly string[];
}
