import { parseTargetPath } from './target-path';

it.each([
  ['/models/mnist-mlp', 'models/mnist-mlp'],
  ['/models/', 'models'],
])('takes %s', (given, expected) => {
  expect(parseTargetPath(given)).toBe(expected);
});

it.each(['', '/', 'models/m', '/models/../etc', '/models//m', '/./m', '/m/.wh.x', '/m\n'])(
  'refuses %j',
  given => {
    expect(() => parseTargetPath(given)).toThrow(/is not a path in an image/);
  },
);
