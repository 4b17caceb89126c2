import { type Golden, parseGolden } from './golden-file';

export const IMAGE = { name: 'image', datatype: 'FP32', shape: [1, 2], data: [0.5, 1] };
export const LOGITS = { name: 'logits', datatype: 'FP32', shape: [1, 2], data: [-1, 4] };

/** A golden file of one case, with these fields in place of its own. */
export const goldenDocument = (over: Readonly<Record<string, unknown>> = {}): unknown => ({
  apiVersion: 'modelpier.io/v1',
  kind: 'Golden',
  cases: [{ name: 'four', inputs: [IMAGE], outputs: [LOGITS] }],
  ...over,
});

export const goldenOf = (over?: Readonly<Record<string, unknown>>): Golden =>
  parseGolden(goldenDocument(over));

/** What a server answers that computes these logits. */
export const answerWith = (data: unknown, over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ model_name: 'mnist', id: 'four', outputs: [{ ...LOGITS, data, ...over }] });
