import { commitAddress, webAddress } from './safe-link';

const COMMIT = '9f2c41d07a1be03f5f8a6f7c5a9b1d2e3f405162';

it.each([
  ['https://github.com/acme/mnist-mlp', `https://github.com/acme/mnist-mlp/commit/${COMMIT}`],
  ['https://github.com/acme/mnist-mlp.git', `https://github.com/acme/mnist-mlp/commit/${COMMIT}`],
  ['https://git.acme.test/ml/mnist/', `https://git.acme.test/ml/mnist/commit/${COMMIT}`],
])('leads from %s to the commit', (source, address) => {
  expect(commitAddress(source, COMMIT)).toBe(address);
});

it.each(['javascript:alert(1)', 'data:text/html,x', 'git@github.com:acme/mnist', '', null])(
  'makes no link of %j',
  source => {
    expect(webAddress(source)).toBeUndefined();
    expect(commitAddress(source, COMMIT)).toBeUndefined();
  },
);

it('makes no link of what is not a commit', () => {
  expect(commitAddress('https://github.com/acme/mnist-mlp', '../../settings')).toBeUndefined();
});
