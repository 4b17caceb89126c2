import { plainLine, tailOf } from './log-tail';

const ESC = String.fromCharCode(27);
const COLOURED = 'red';

it('keeps the last 40 lines, each bounded', () => {
  const log = Array.from({ length: 100 }, (_, line) => `${line} ${'x'.repeat(1_000)}`).join('\n');
  const tail = tailOf(`${log}\n`);
  expect(tail).toHaveLength(40);
  expect(tail[0]).toMatch(/^60 x+\.\.\.$/);
  expect(tail.every(line => line.length === 300)).toBe(true);
});

it('shows what a terminal would, without colours, bars that overwrite themselves, and hidden characters', () => {
  const log = `${ESC}[31m${COLOURED}${ESC}[0m\n 10 %\r 99 %\n${ESC}]0;title\u0007shown\n\u202Eevil\u0000\u200B\n\n\tindented`;
  expect(tailOf(log)).toEqual(['red', ' 99 %', 'shown', 'evil', '    indented']);
});

it('is empty for a log that the kubelet has lost', () => {
  expect(tailOf('unable to retrieve container logs for containerd://5eb7')).toEqual([]);
});

it('makes one line of a message', () => {
  expect(plainLine('a\r\n::error::b\t c \n')).toBe('a ::error::b c');
});
