import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from './figure';
import { parseSize } from './size';
import type { Suite } from './suite';
import { renderTable, renderVerdict } from './table';

const SUITES = join(import.meta.dirname, 'suites');
const DEFAULT_RUNS = 5;

const usage = (suites: readonly string[]): string => `usage: npm run bench -- [options] <suite>...

Measures us and our peers in one run, interleaved, and holds the medians to their limits.

${suites.join('\n')}

--runs N         how often each thing is measured (default ${DEFAULT_RUNS})
--size SIZE      of the model, such as 256MiB; the limits are meant for the default, 1GiB
--registry HOST  a registry that runs already; by default the suite starts its own and leaves nothing
--folder FOLDER  where the work is done (default: the system's folder for temporary files)
Exit code: 0 every measured limit is kept, 1 one is missed, 2 the call was wrong or a run failed.`;

async function loadSuites(): Promise<ReadonlyMap<string, Suite>> {
  const files = (await readdir(SUITES)).filter(file => file.endsWith('.ts')).sort();
  const suites = new Map<string, Suite>();
  for (const file of files) {
    const { suite } = (await import(join(SUITES, file))) as { readonly suite: Suite };
    suites.set(basename(file, '.ts'), suite);
  }
  return suites;
}

async function main(): Promise<number> {
  const suites = await loadSuites();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: String(DEFAULT_RUNS) },
      size: { type: 'string' },
      registry: { type: 'string' },
      folder: { type: 'string', default: tmpdir() },
      help: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  const chosen = positionals.map(name => ({ name, suite: suites.get(name) }));
  const isWrong = chosen.length === 0 || chosen.some(({ suite }) => suite === undefined);
  if (values.help || isWrong || !Number.isInteger(runs) || runs < 1) {
    console.log(usage([...suites].map(([name, { summary }]) => `${name.padEnd(12)} ${summary}`)));
    return values.help ? 0 : 2;
  }
  const sizeBytes = values.size === undefined ? undefined : parseSize(values.size);
  let isKept = true;
  for (const { name, suite } of chosen) {
    const folder = await mkdtemp(join(values.folder, 'modelpier-bench-'));
    try {
      const figures = await suite!.run({
        runs,
        sizeBytes,
        registry: values.registry,
        folder,
        cache: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelpier'),
        signal: stopSignal(),
        tell: line => process.stderr.write(`${name}: ${line}\n`),
      });
      console.log(`\n${renderTable(figures)}\n\n${name}: ${renderVerdict(figures)}`);
      isKept &&= figures.every(figure => judge(figure) !== 'missed');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return isKept ? 0 : 1;
}

/** Ends what was started, so that the folders and processes go too. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  }
  return stop.signal;
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
