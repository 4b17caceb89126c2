import type { ExternalData, OnnxModel } from '../content/onnx';
import type { Hit } from './rules';

/** What the file system says of a path beside the model, without following links. */
export type LookUp = (path: string) => Neighbour | undefined;

export interface Neighbour {
  readonly sizeBytes: number;
  readonly isFile: boolean;
  /** Whether any part of the path is a symbolic link. */
  readonly isLink: boolean;
  /** Names that the file has; more than one is a hard link. */
  readonly names: number;
}

const KEYS = new Set(['location', 'offset', 'length', 'checksum']);
/** Domains of ONNX itself, and of the runtimes that come with their operators. */
const OWN_DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview.training']);
const KEPT_HITS = 50;

export function judgeOnnx(model: OnnxModel, lookUp: LookUp): readonly Hit[] {
  const hits: Hit[] = [];
  for (const external of model.externals) {
    hits.push(...judgeExternal(external, lookUp));
    if (hits.length >= KEPT_HITS) break;
  }
  const custom = [...model.domains].filter(
    domain => !OWN_DOMAINS.has(domain) && !model.functionDomains.has(domain),
  );
  return [
    ...hits,
    ...custom.map((domain): Hit => ({
      rule: 'onnx-custom-operator',
      reason: `operators of ${JSON.stringify(domain.slice(0, 80))} come from a library that the runtime must load`,
    })),
  ];
}

/** The rules of ONNX's own checker for external data, and that the file is all there. */
function judgeExternal({ tensor, entries, offset: at }: ExternalData, lookUp: LookUp): readonly Hit[] {
  const shown = JSON.stringify(tensor.slice(0, 80));
  const hit = (rule: Hit['rule'], words: string): readonly Hit[] => [
    { rule, offset: at, reason: `${shown}: ${words}` },
  ];
  const unknown = entries.find(([key]) => !KEYS.has(key));
  if (unknown !== undefined)
    return hit('onnx-external-key', `${JSON.stringify(unknown[0].slice(0, 80))} is no key`);
  if (new Set(entries.map(([key]) => key)).size < entries.length)
    return hit('onnx-external-key', 'a key is there twice');
  const values = new Map(entries);
  const location = values.get('location') ?? '';
  const where = JSON.stringify(location.slice(0, 80));
  const problem = pathProblem(location);
  if (problem !== undefined) return hit('onnx-external-path', `${where} ${problem}`);
  const offset = sizeOf(values.get('offset'));
  const length = sizeOf(values.get('length'));
  if (Number.isNaN(offset) || Number.isNaN(length))
    return hit('onnx-external-key', 'offset or length is no size');
  const found = lookUp(location);
  if (found === undefined) return hit('onnx-external-file', `${where} is not there`);
  if (found.isLink || found.names > 1) return hit('onnx-external-link', `${where} is a link`);
  if (!found.isFile) return hit('onnx-external-file', `${where} is no plain file`);
  if (offset + length > found.sizeBytes)
    return hit('onnx-external-file', `${where} ends before the tensor does`);
  return [];
}

function pathProblem(location: string): string | undefined {
  if (location === '') return 'is no path';
  if (/^[/\\]|^[A-Za-z]:/.test(location)) return 'is an absolute path';
  if (/[\\\0]/.test(location)) return 'has a backslash or a NUL';
  return location.split('/').includes('..') ? 'leads out of the folder' : undefined;
}

const sizeOf = (text: string | undefined): number =>
  text === undefined ? 0 : /^\d{1,15}$/.test(text) ? Number(text) : NaN;
