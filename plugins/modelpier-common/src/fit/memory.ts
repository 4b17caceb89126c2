import { amountText, isAccelerator } from '../allocation/amount';
import { containerLimit, containerRequest } from '../allocation/pod-request';
import { NANO_PER_UNIT } from '../allocation/quantity';
import { formatAmount } from '../format';
import type { Container } from '../workload/pod';
import type { FitFinding } from './finding';
import type { FitWorkload } from './workload';

/** A model as far as the memory that it takes is known before it runs. */
export interface FitModel {
  readonly format: string;
  /** Of its files as they lie in the image, not compressed; nothing where they are not at hand. */
  readonly bytes: number | undefined;
  /** The containers that run its image. */
  readonly containers: readonly string[];
}

const MIB = 1024 * 1024;
/**
 * What a server takes before it holds a model; only warnings rest on it. Of PyTorch as measured (1.13 with an HTTP
 * server and a small model: 252 MiB resident), of the others estimated; nothing of those that are not here.
 */
const RUNTIME_MIB: Readonly<Record<string, number>> = {
  torchscript: 256,
  'torch-export': 256,
  safetensors: 256,
  tensorflow: 512,
  onnx: 128,
  sklearn: 128,
};
/** Read as a whole into memory; files of the others may be mapped, and then count only as far as they are used. */
const READ_WHOLE: readonly string[] = ['torchscript', 'torch-export', 'sklearn'];

/** Whether a container that loads the model may hold as much; with an accelerator the weights move there. */
export function checkMemory({ ref, pod }: FitWorkload, model: FitModel): readonly FitFinding[] {
  const { bytes, format, containers } = model;
  if (bytes === undefined || bytes === 0) return [];
  return pod.containers.flatMap(container => {
    const limit = containerLimit(container, 'memory');
    if (limit === undefined || !containers.includes(container.name)) return [];
    const runtime = (RUNTIME_MIB[format] ?? 0) * MIB;
    const limitBytes = Number(limit / NANO_PER_UNIT);
    if (limitBytes >= bytes + runtime) return [];
    const isTooSmall = limitBytes < bytes && READ_WHOLE.includes(format) && !hasAccelerator(container);
    const needs =
      limitBytes < bytes
        ? `the model's files alone are ${memory(bytes)}`
        : `the model's files are ${memory(bytes)} and its runtime takes about ${memory(runtime)}`;
    return [
      {
        severity: isTooSmall ? ('refusal' as const) : ('warning' as const),
        object: ref,
        message: `container ${container.name}: the memory limit is ${memory(limitBytes)}, and ${needs}`,
        remedy:
          `raise resources.limits.memory of container ${container.name} ` +
          `to ${Math.ceil((bytes + runtime) / MIB)}Mi or more`,
      },
    ];
  });
}

const memory = (bytes: number): string =>
  formatAmount('memory', amountText('memory', BigInt(bytes) * NANO_PER_UNIT));

const hasAccelerator = (container: Container): boolean =>
  Object.keys({ ...container.resources?.limits, ...container.resources?.requests }).some(
    resource => isAccelerator(resource) && (containerRequest(container, resource) ?? 0n) > 0n,
  );
