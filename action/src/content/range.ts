/** A part of a source. */
export interface Range {
  readonly from: number;
  readonly length: number;
}
