import { parseArgs } from 'node:util';
import { fuzz } from './fuzz';
import { TARGETS } from './targets';

const USAGE = `usage: npm run fuzz -- [--runs N] [--seed N] [parser ...]
Parsers: ${Object.keys(TARGETS).join(', ')}; by default each, a million times.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || positionals.some(name => TARGETS[name] === undefined)) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  void main(positionals.length > 0 ? positionals : Object.keys(TARGETS));
}

async function main(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const startedAt = performance.now();
    const { runs, outcomes, longestMs } = await fuzz(name, {
      runs: Number(values.runs),
      seed: Number(values.seed),
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
    console.log(
      `${name}: ${runs} runs in ${seconds} s, ${outcomes} outcomes, longest ${longestMs.toFixed(0)} ms, ${memory} MiB`,
    );
  }
}
