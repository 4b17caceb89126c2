import type { FileFormat, ModelFacts } from '@modelpier/backstage-plugin-modelpier-common';
import type { ByteSource } from '../content/byte-source';
import type { Allowed } from '../scan/globals';
import type { Hit, RuleName } from '../scan/rules';
import type { LookUp } from '../scan/scan-onnx';
import type { Counts } from './counts';

/** A file, or a member of one, about to be looked into. */
export interface Item {
  readonly source: ByteSource;
  /** Path inside the file; archives in archives are joined by `!`. */
  readonly member: string | undefined;
  /** Archives around it. */
  readonly depth: number;
  /** Whether code of the archive around it defines a module. */
  readonly definesModule?: ((module: string) => boolean) | undefined;
}

/** What is known of an item; of an archive, with what its members have. */
export interface Examined {
  readonly format: FileFormat;
  readonly facts: Partial<Omit<ModelFacts, 'format' | 'sizeBytes' | 'tensors' | 'parameters' | 'datatypes'>>;
  readonly counts: Counts;
}

/** What the examination of one file has at hand. */
export interface Examination {
  readonly isAllowed: Allowed;
  readonly lookUp: LookUp;
  readonly scratchFolder: () => Promise<string>;
  readonly signal: AbortSignal | undefined;
  hit(item: Item, hit: Hit): void;
  /** Counts what was unpacked; throws where it is more than the file could honestly hold. */
  unpacked(bytes: number): void;
  /** Does what may find the item broken, and tells where it is; answers what to go on with then. */
  guard<T>(item: Item, work: () => Promise<T>, fallback: T): Promise<T>;
  /** Looks into a member, as deep as archives may lie in each other. */
  examine(item: Item): Promise<Examined>;
}

export const hitAll = (examination: Examination, item: Item, hits: readonly Hit[]): void => {
  for (const hit of hits) examination.hit(item, hit);
};

export const unreadable = (
  offset: number,
  reason: string,
): { rule: RuleName; offset: number; reason: string } => ({
  rule: 'unreadable',
  offset,
  reason,
});
