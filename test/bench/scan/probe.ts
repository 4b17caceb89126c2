import { readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectFiles } from '../../../action/src/inspect/inspect-files';

/** Inspects a folder in a process of its own, and tells time, memory and what was found. */
async function main(folder: string): Promise<void> {
  const files = readdirSync(folder).map(path => {
    const absolutePath = join(folder, path);
    return { path, absolutePath, sizeBytes: statSync(absolutePath).size };
  });
  const options = { allowed: [], directory: folder, scratchFolder: () => Promise.resolve(tmpdir()) };
  const startedAt = performance.now();
  const inspected = await inspectFiles(files, options);
  const seconds = (performance.now() - startedAt) / 1000;
  const findings = inspected.reduce((sum, each) => sum + each.findings.length, 0);
  const { tensors = 0 } = inspected[0]?.facts ?? {};
  // The kernel's high-water mark, in KiB.
  const memoryBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ seconds, memoryBytes, files: inspected.length, findings, tensors }));
}

void main(process.argv[2] ?? '.');
