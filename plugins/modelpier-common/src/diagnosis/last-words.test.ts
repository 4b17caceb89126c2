import { lastWordsOf } from './last-words';

const TRACEBACK = 'Traceback (most recent call last):';

it.each<[what: string, lines: string[], said: string | undefined, fix: RegExp | undefined]>([
  ['nothing', [], undefined, undefined],
  ['the last line', ['loading', 'cannot serve the model'], 'cannot serve the model', undefined],
  [
    'an exception, not what is printed after it',
    [TRACEBACK, '  File "a.py", line 1', "ModuleNotFoundError: No module named 'torch'", 'bye'],
    "ModuleNotFoundError: No module named 'torch'",
    /add the module/,
  ],
  [
    'the last of chained exceptions',
    [
      TRACEBACK,
      '  File "a"',
      'KeyError: 1',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      TRACEBACK,
      '  File "b"',
      'app.LoadError: bad header',
    ],
    'app.LoadError: bad header',
    undefined,
  ],
  [
    'an exception of a server that indents',
    [
      'ERROR:    Traceback follows',
      `  ${TRACEBACK}`,
      '    File "a"',
      '  OSError: [Errno 98] Address already in use',
    ],
    'OSError: [Errno 98] Address already in use',
    /one process/,
  ],
  [
    'a panic of Go',
    ['panic: runtime error: index out of range', '', 'goroutine 1 [running]:', 'main.main()'],
    'panic: runtime error: index out of range',
    undefined,
  ],
  [
    'a Rust panic',
    ["thread 'main' panicked at src/main.rs:2:5:", 'no weights', 'note: run with RUST_BACKTRACE=1'],
    "thread 'main' panicked at src/main.rs:2:5:",
    undefined,
  ],
  [
    'Node',
    ['TypeError: x is not a function', '    at main (a.js:1:1)'],
    'TypeError: x is not a function',
    undefined,
  ],
  [
    'a model of a newer release',
    [
      TRACEBACK,
      '  File "a"',
      'RuntimeError: version_ <= kMaxSupportedFileFormatVersion INTERNAL ASSERT FAILED',
    ],
    'RuntimeError: version_ <= kMaxSupportedFileFormatVersion INTERNAL ASSERT FAILED',
    /newer runtime/,
  ],
])('finds %s', (_what, lines, said, fix) => {
  const words = lastWordsOf(lines);
  expect(words?.said).toBe(said);
  expect(words?.fix ?? '').toMatch(fix ?? /^$/);
});
