import { parseCursor, writeCursor } from './cursor';

it('reads back what it wrote, wide numbers from text too', () => {
  expect(parseCursor(writeCursor(['a', 2]), ['text', 'number'])).toEqual(['a', 2]);
  expect(parseCursor(writeCursor(['a', '12']), ['text', 'number'])).toEqual(['a', 12]);
});

it.each([
  ['nothing', ''],
  ['no JSON', 'nonsense'],
  ['another list', writeCursor(['a', 2, 3])],
  ['a shorter list', writeCursor(['a'])],
  ['text for a number', writeCursor(['a', 'b'])],
  ['an empty text for a number', writeCursor(['a', ''])],
  ['a number for a text', writeCursor([1, 2])],
  ['a text that no database takes', writeCursor(['a\0', 2])],
])('refuses %s', (_, cursor) => {
  expect(() => parseCursor(cursor, ['text', 'number'])).toThrow('not one that this list gave');
});
