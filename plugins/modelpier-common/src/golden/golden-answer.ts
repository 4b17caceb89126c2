import { type Fault } from '../error';
import { list, object, unknownValue } from '../parse/decoder';
import { compareOutputs, type GoldenMismatch } from './compare';
import { parseExactJson, renderExactJson } from './exact-json';
import type { GoldenCase } from './golden-file';
import { goldenTensor } from './tensor';

/** What a server answered, as it was sent. */
export interface GoldenAnswer {
  readonly status: number;
  readonly text: string;
}

/** The request of a case, by the Open Inference Protocol. */
export const goldenRequest = ({ name, inputs, parameters }: GoldenCase): string =>
  renderExactJson({ id: name, ...(parameters !== undefined && { parameters }), inputs });

export const goldenPath = (model: string): string => `/v2/models/${encodeURIComponent(model)}/infer`;

/** A server without this path speaks another protocol, or does not know the model by this name. */
export const isUnknownPath = ({ status }: GoldenAnswer): boolean => [404, 405, 501].includes(status);

/** Of what a server says wrong. */
const SHOWN_CHARACTERS = 200;

const answer = object({ outputs: list(unknownValue) });

/** How an answer differs from what the case expects; nothing where it does not. */
export function judgeAnswer(
  { name, outputs, tolerance }: GoldenCase,
  { status, text }: GoldenAnswer,
): GoldenMismatch | undefined {
  if (status !== 200) return { case: name, got: `${status}${quoted(text)}`, expected: 'status 200' };
  let json: unknown;
  try {
    json = parseExactJson(text);
  } catch {
    // Python writes NaN and Infinity where JSON has no such words.
    return { case: name, got: `no JSON${quoted(text)}`, expected: 'an answer in JSON, which has no NaN' };
  }
  const faults: Fault[] = [];
  const decoded = answer(json, '', faults);
  const wanted = new Set(outputs.map(output => output.name));
  const got =
    faults.length > 0
      ? []
      : decoded.outputs.flatMap((output, index) =>
          wanted.has(nameOf(output)) ? [goldenTensor(output, `outputs[${index}]`, faults)] : [],
        );
  const [fault] = faults;
  if (fault !== undefined)
    return { case: name, got: `${fault.path}: ${fault.message}`, expected: 'an answer of the protocol' };
  const difference = compareOutputs(outputs, got, tolerance);
  return difference === undefined ? undefined : { case: name, ...difference };
}

const nameOf = (output: unknown): string =>
  typeof output === 'object' && output !== null && 'name' in output ? String(output.name) : '';

function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return `: ${line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line}`;
}
