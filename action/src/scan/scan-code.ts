// cspell:ignore mkldnn onednn xnnpack
import type { Hit } from './rules';

/** Operators of PyTorch that take the path of a file (aten/src/ATen/native, torch/csrc/jit/runtime). */
const FILE_ACCESS = /\b(?:torch|ops\.aten|ops\.prim)\.(save|load|from_file|_from_file)\s*\(/g;
const OPERATOR = /\bops\.([A-Za-z_]\w*)\.([A-Za-z_]\w*)/g;
const BUILT_IN = /\btorch\.([A-Za-z_]\w*)\s*\(/g;
/** Namespaces of operators that PyTorch registers itself, and those of its own libraries. */
const OWN_NAMESPACES = new Set([
  ...[
    'aten',
    'prim',
    'prims',
    'quantized',
    '_quantized',
    'sparse',
    'mkldnn',
    'mkldnn_prepacked',
    'prepacked',
  ],
  ...[
    'onednn',
    'inductor',
    'cuda',
    'c10d',
    'static_runtime',
    'torchvision',
    'torchaudio',
    'torchtext',
    'xnnpack',
  ],
]);
const KEPT_HITS = 20;

export interface CodeScan {
  readonly operators: ReadonlySet<string>;
  readonly hits: readonly Hit[];
}

/** What TorchScript source calls, as its text names it: serialized code has no other way to call. */
export function scanCode(code: string): CodeScan {
  const hits: Hit[] = [];
  const operators = new Set<string>();
  for (const match of code.matchAll(FILE_ACCESS)) {
    const reason = `${match[0].replace(/\s*\($/, '')} opens a file by its path`;
    if (hits.length < KEPT_HITS) hits.push({ rule: 'torchscript-file-access', offset: match.index, reason });
  }
  for (const [, name = ''] of code.matchAll(BUILT_IN)) operators.add(`aten::${name}`);
  const foreign = new Map<string, number>();
  for (const { 1: space = '', 2: name = '', index } of code.matchAll(OPERATOR)) {
    operators.add(`${space}::${name}`);
    if (!OWN_NAMESPACES.has(space) && !foreign.has(space)) foreign.set(space, index);
  }
  for (const [space, offset] of [...foreign].slice(0, KEPT_HITS)) {
    const reason = `operators of ${space} come from a library that the runtime must load`;
    hits.push({ rule: 'torchscript-custom-operator', offset, reason });
  }
  return { operators, hits };
}
