import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const CLEAN = join(import.meta.dirname, '../../fixtures/models/clean');
const TENSORS = 64;

/** An archive as `torch.save` writes it, by PyTorch itself. */
const SAVE = `
import sys, torch
path, size, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.save({f'layer{i}.weight': torch.rand(size // count // 4) for i in range(count)}, path)
`;

export function writeArchive(folder: string, sizeBytes: number): void {
  mkdirSync(folder);
  execFileSync('/usr/bin/python3', [
    '-c',
    SAVE,
    join(folder, 'model.pt'),
    String(sizeBytes),
    String(TENSORS),
  ]);
}

/** Small models of every format, over and over. */
export function writeMany(folder: string, count: number): void {
  mkdirSync(folder);
  const samples = readdirSync(CLEAN).filter(name => statSync(join(CLEAN, name)).isFile());
  for (let index = 0; index < count; index++) {
    const name = samples[index % samples.length] ?? '';
    copyFileSync(join(CLEAN, name), join(folder, `${index}-${name}`));
  }
}
