import { open } from 'node:fs/promises';
import type { Format } from '@modelpier/backstage-plugin-modelpier-common';
import type { ModelFile } from './model-file';

/** Formats that a file's name gives away, the most telling first. */
const BY_NAME: readonly (readonly [RegExp, Format])[] = [
  [/\.gguf$/i, 'gguf'],
  [/\.onnx$/i, 'onnx'],
  [/\.pt2$/i, 'torch-export'],
  [/\.safetensors$/i, 'safetensors'],
  [/(?:^|\/)saved_model\.pb$|\.keras$|\.h5$|\.tflite$/i, 'tensorflow'],
  [/\.joblib$|\.pkl$|\.skops$/i, 'sklearn'],
];
const TORCH = /\.(?:pt|pth|ts)$/i;

/** Enough of a zip's end for the last entries of its central directory (PKWARE APPNOTE, 4.3.12). */
const ZIP_TAIL_BYTES = 64 * 1024;

/** What a model's files are, told from their names and a glance at their ends; reads no weights. */
export async function detectFormat(files: readonly ModelFile[]): Promise<Format> {
  for (const [name, format] of BY_NAME) {
    if (files.some(({ path }) => name.test(path))) return format;
  }
  for (const file of files.filter(({ path }) => TORCH.test(path))) {
    const format = await detectTorch(file);
    if (format !== undefined) return format;
  }
  return 'other';
}

/**
 * A TorchScript archive holds `constants.pkl` beside its code, an exported program
 * `archive_format`; a pickled state has neither and runs nowhere without its class.
 */
async function detectTorch({ absolutePath, sizeBytes }: ModelFile): Promise<Format | undefined> {
  const file = await open(absolutePath);
  try {
    const start = Math.max(0, sizeBytes - ZIP_TAIL_BYTES);
    const buffer = Buffer.alloc(sizeBytes - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const tail = buffer.subarray(0, bytesRead);
    if (tail.includes('/constants.pkl')) return 'torchscript';
    if (tail.includes('/archive_format')) return 'torch-export';
    return undefined;
  } finally {
    await file.close();
  }
}
