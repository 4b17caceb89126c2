import { harmlessLine } from './harmless-line';

/** As the runner finds commands: `::` at the start, `##[` anywhere. */
const isCommand = (text: string): boolean =>
  text.split(/\r\n|\n|\r/).some(line => line.trimStart().startsWith('::') || line.includes('##['));

it.each([
  '::set-output name=scan-result::safe',
  '   ::add-mask::e',
  'probe failed: x\n::add-mask::e',
  'probe failed: x\r::error file=a::b',
  '##[add-mask]a',
  '  | ##[set-output name=scan-result]safe',
  'a ##[b] ##[c]',
  '#'.repeat(4) + '[error]x',
])('lets %j be no command', text => {
  expect(isCommand(text)).toBe(true);
  expect(isCommand(harmlessLine(text))).toBe(false);
});

it('leaves other lines as they are', () => {
  expect(harmlessLine('std::vector of #[4] ## [x]')).toBe('std::vector of #[4] ## [x]');
});
