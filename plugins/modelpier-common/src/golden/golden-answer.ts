import { type Fault } from '../error';
import { list, object, unknownValue } from '../parse/decoder';
import { compareOutputs, type GoldenMismatch } from './compare';
import { parseExactJson, renderExactJson } from './exact-json';
import type { GoldenCase } from './golden-file';
import { goldenTensor, type GoldenTensor } from './tensor';

/** What a server answered, as it was sent. */
export interface GoldenAnswer {
  readonly status: number;
  readonly text: string;
}

/** The request of a case, by the Open Inference Protocol. */
export const goldenRequest = ({ name, inputs, parameters }: GoldenCase): string =>
  renderExactJson({ id: name, ...(parameters !== undefined && { parameters }), inputs });

export const goldenPath = (model: string): string => `/v2/models/${encodeURIComponent(model)}/infer`;

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
  const wanted = new Set(outputs.map(output => output.name));
  const got = readOutputs(json, wanted, faults);
  const [fault] = faults;
  if (fault !== undefined)
    return { case: name, got: `${fault.path}: ${fault.message}`, expected: 'an answer of the protocol' };
  const difference = compareOutputs(outputs, got, tolerance);
  return difference === undefined ? undefined : { case: name, ...difference };
}

/** Those that are wanted, up to the first that is none: an answer may be huge, and one fault is enough. */
function readOutputs(json: unknown, wanted: ReadonlySet<string>, faults: Fault[]): readonly GoldenTensor[] {
  const decoded = answer(json, '', faults);
  const found: GoldenTensor[] = [];
  if (faults.length > 0) return found;
  for (const [index, output] of decoded.outputs.entries()) {
    if (!wanted.has(nameOf(output))) continue;
    found.push(goldenTensor(output, `outputs[${index}]`, faults));
    if (faults.length > 0) break;
  }
  return found;
}

const nameOf = (output: unknown): string =>
  typeof output === 'object' && output !== null && 'name' in output && typeof output.name === 'string'
    ? output.name
    : '';

function quoted(text: string): string {
  const line = text.slice(0, 4 * SHOWN_CHARACTERS).replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return `: ${line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line}`;
}
