import { extname } from 'node:path';

/** Weights: they hardly compress, and unpacking them would cost every node seconds a gigabyte. */
const WEIGHTS = new Set(['.pt', '.pth', '.onnx', '.safetensors', '.gguf', '.bin', '.h5', '.keras']);
/** Compressed already. */
const PACKED = new Set(['.parquet', '.npz', '.zip', '.gz', '.zst']);

const extensionOf = (path: string): string => extname(path).toLowerCase();

export const isWeights = (path: string): boolean => WEIGHTS.has(extensionOf(path));

/** Whether compressing a file of this name saves bytes worth the time. */
export const isCompressible = (path: string): boolean => !isWeights(path) && !PACKED.has(extensionOf(path));
