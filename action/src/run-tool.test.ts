import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './dockerfile/tool';
import { createToolRunner } from './run-tool';

const run = createToolRunner({
  kill: process.kill.bind(process),
  environment: { PATH: process.env['PATH'], KEPT: 'yes', INPUT_PASSWORD: 'hunter2' },
});

async function linesOf(command: Command, signal?: AbortSignal, onLine?: (line: string) => void) {
  const lines: string[] = [];
  const code = await run(command, {
    environment: { ADDED: 'too' },
    signal,
    onLine: line => {
      lines.push(line);
      onLine?.(line);
    },
  });
  return { code, lines };
}

/** The kernel keeps the number of an ended process until init has heard of it. */
async function isGone(processId: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(processId, 0);
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
}

it('keeps letters whole, lines empty and the streams apart', async () => {
  const told: string[] = [];
  const script = `printf '\\303'; sleep 0.2; printf '\\266l\\r\\n\\nlast'; echo no >&2`;
  await run(['sh', '-c', script], {
    environment: {},
    onLine: (line, stream) => told.push(`${stream} ${line}`),
  });
  expect(told.filter(line => line.startsWith('out'))).toEqual(['out öl', 'out ', 'out last']);
  expect(told).toContain('err no');
});

it('tells what the program writes, line by line, and how it ended', async () => {
  const { code, lines } = await linesOf(['sh', '-c', 'echo one; echo two >&2; exit 3']);
  expect(code).toBe(3);
  expect(lines.sort()).toEqual(['one', 'two']);
});

it('passes arguments as they are', async () => {
  const nasty = ['a b', '$HOME', '"; exit 1', "it's", '', '--x=*'];
  const { lines } = await linesOf(['printf', '[%s]\\n', ...nasty]);
  expect(lines).toEqual(nasty.map(word => `[${word}]`));
});

it('gives the program the job’s environment without the inputs', async () => {
  const { lines } = await linesOf(['env']);
  expect(lines).toEqual(expect.arrayContaining(['KEPT=yes', 'ADDED=too']));
  expect(lines.join('\n')).not.toContain('hunter2');
});

it('answers 127 for a program that is not there', async () => {
  expect(await linesOf(['no-such-builder-anywhere'])).toMatchObject({ code: 127 });
});

it.each([
  ['ends when it is asked to', 'sleep 600 & echo $!; wait'],
  ['ends although it would not', 'trap "" TERM; sleep 600 & echo $!; while :; do wait; done'],
])('ends the program and its children on a signal: one that %s', async (_, script) => {
  const stop = new AbortController();
  let child = 0;
  const { code } = await linesOf(['sh', '-c', script], stop.signal, line => {
    child = Number(line);
    stop.abort();
  });
  expect(code).not.toBe(0);
  expect(await isGone(child)).toBe(true);
});

it('starts nothing once the signal is there', async () => {
  await expect(linesOf(['true'], AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});
