import { join } from 'node:path';
import { run } from '../../tools/command';
import type { Sample, Unit } from '../figure';
import { writeArchive, writeMany } from '../scan/samples';
import type { Suite, SuiteOptions } from '../suite';

const DEFAULT_SIZE_BYTES = 4 * 1024 ** 3;
const MANY_FILES = 10_000;
const LIMITS = { archiveSeconds: 1, memoryBytes: 150_000_000, manySeconds: 5 };
const ESBUILD = ['--bundle', '--platform=node', '--format=cjs', '--log-level=error'];

interface Measured {
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly files: number;
  readonly findings: number;
  readonly tensors: number;
}

export const suite: Suite = {
  summary: 'model files inspected and scanned: an archive of 4 GiB, and 10,000 files; needs python3-torch',
  run: async options => {
    const { folder, tell, sizeBytes = DEFAULT_SIZE_BYTES, signal } = options;
    const probe = join(folder, 'probe.cjs');
    const source = join(import.meta.dirname, '../scan/probe.ts');
    await run({ program: 'esbuild', args: [source, ...ESBUILD, `--outfile=${probe}`], signal });
    tell('writing an archive, and 10,000 small files');
    writeArchive(join(folder, 'archive'), sizeBytes);
    writeMany(join(folder, 'many'), MANY_FILES);
    const archive = await measure(options, { probe, of: 'archive' });
    const many = await measure(options, { probe, of: 'many' });
    const sample = (unit: Unit, measured: readonly Measured[], pick: (each: Measured) => number): Sample => ({
      unit,
      values: measured.map(pick),
    });
    const ofSeconds = (each: Measured): number => each.seconds;
    const value = { kind: 'value' } as const;
    return [
      {
        ...value,
        name: 'archive: inspect and scan',
        limit: LIMITS.archiveSeconds,
        ours: sample('seconds', archive, ofSeconds),
      },
      {
        ...value,
        name: 'archive: memory',
        limit: LIMITS.memoryBytes,
        ours: sample('bytes', archive, each => each.memoryBytes),
      },
      {
        ...value,
        name: '10,000 files: inspect and scan',
        limit: LIMITS.manySeconds,
        ours: sample('seconds', many, ofSeconds),
      },
    ];
  },
};

/** One run to warm the page cache, and those that count. */
async function measure(
  { folder, runs, signal, tell }: SuiteOptions,
  { probe, of }: { readonly probe: string; readonly of: string },
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (let left = runs + 1; left > 0; left--) {
    const { stdout } = await run({ program: process.execPath, args: [probe, join(folder, of)], signal });
    const result = JSON.parse(stdout) as Measured;
    if (result.findings > 0) throw new Error(`${of}: ${result.findings} false alarms`);
    measured.push(result);
  }
  tell(`${of}: ${measured[0]?.files ?? 0} files, ${measured[0]?.tensors ?? 0} tensors in the first`);
  return measured.slice(1);
}
