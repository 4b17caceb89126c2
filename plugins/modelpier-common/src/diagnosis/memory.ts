import { NANO_PER_UNIT, formatQuantity, parseQuantity } from '../allocation/quantity';
import { formatAmount } from '../format';
import { afterStart, endOf, lastLines, nameOf, ranMs, type Scene } from './container-scene';
import type { Finding } from './diagnosis';
import { fieldOf } from './facts';

/** What Python and a runtime such as PyTorch take before the first weight is read. */
const RUNTIME_BYTES = 512n << 20n;
const GIB = 1n << 30n;
/** Limits are written in steps that people write. */
const SMALL_STEP = GIB / 4n;
/** A server that worked this long was killed by its work, not by loading the model. */
const WORKED_MS = 60_000;

const SAYS_NO_MEMORY =
  /\bMemoryError\b|DefaultCPUAllocator: can't allocate memory|not enough memory: you tried to allocate|std::bad_alloc|Cannot allocate memory|OutOfMemoryError: Java heap|JavaScript heap out of memory/;
const SAYS_NO_GPU_MEMORY =
  /CUDA out of memory|CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED|torch\.cuda\.OutOfMemoryError/;

export function outOfMemory(scene: Scene): Finding | undefined {
  const ended = endOf(scene.container);
  if (ended === undefined) return undefined;
  const lines = lastLines(scene.container);
  const gpu = lines.find(line => SAYS_NO_GPU_MEMORY.test(line));
  if (gpu !== undefined) return gpuMemory(scene, gpu);
  const said = lines.find(line => SAYS_NO_MEMORY.test(line));
  if (ended.reason !== 'OOMKilled' && said === undefined) return undefined;
  const limit = limitOf(scene);
  const isKilled = ended.reason === 'OOMKilled';
  // The kernel may choose a process that the first one started, which then says how it ends.
  const who = isKilled && ended.exitCode !== 137 ? `a process in ${nameOf(scene)}` : nameOf(scene);
  const did = isKilled ? 'was killed' : `ran out of memory (${said ?? ''})`;
  return {
    cause: 'out-of-memory',
    explanation: [
      `${who} ${did} ${limit === undefined ? 'for want of memory' : `at its memory limit ${limit}`}${afterStart(scene)}`,
      ...sizes(scene),
    ].join('; '),
    ...remedy(scene, limit),
  };
}

const limitOf = ({ container }: Scene): string | undefined => container.limits?.['memory'];

/** Loading takes the model's size; what comes later is the work's. */
const isUnderLoad = (scene: Scene): boolean => {
  const ended = endOf(scene.container);
  return ended !== undefined && (ranMs(ended) ?? 0) >= WORKED_MS;
};

function sizes({ facts: { modelBytes, imageBytes } }: Scene): readonly string[] {
  if (modelBytes !== undefined)
    return [`the model's files are ${formatAmount('memory', String(modelBytes))}`];
  return imageBytes === undefined
    ? []
    : [`the image is ${formatAmount('memory', String(imageBytes))}, compressed`];
}

function remedy(scene: Scene, limit: string | undefined): Pick<Finding, 'fix' | 'field'> {
  if (limit === undefined) {
    return {
      fix: 'set a memory request, so that the pod gets a node with room, or add a larger node',
      field: fieldOf('memory request', at(scene)),
    };
  }
  const field = fieldOf('memory limit', at(scene));
  const raise = `raise \`${field}\` to ${proposedLimit(limit, scene.facts.modelBytes)}`;
  return { fix: isUnderLoad(scene) ? `${raise}, or let it serve fewer requests at a time` : raise, field };
}

const at = ({ facts, container }: Scene) => ({ facts, container: container.name });

/** Twice what was too little, and at least the model (once in the file's pages, once loaded) beside its runtime. */
export function proposedLimit(limit: string, modelBytes = 0): string {
  const doubled = (2n * parseQuantity(limit).nano) / NANO_PER_UNIT;
  const needed = modelBytes === 0 ? 0n : 2n * BigInt(modelBytes) + RUNTIME_BYTES;
  const bytes = doubled > needed ? doubled : needed;
  const step = bytes > 4n * GIB ? GIB : SMALL_STEP;
  return formatQuantity({ nano: ((bytes + step - 1n) / step) * step * NANO_PER_UNIT, notation: 'binary' });
}

const gpuMemory = (scene: Scene, said: string): Finding => ({
  cause: 'gpu-memory',
  explanation: [`${nameOf(scene)} ran out of the GPU's memory: ${said.trim()}`, ...sizes(scene)].join('; '),
  fix: 'serve smaller batches or a quantized model, or choose nodes with larger GPUs',
});
