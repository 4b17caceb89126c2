import { hideSecrets } from './hide-secrets';

it.each([
  [
    'could not connect to postgresql://svc:hunter2@db.apps:5432/models',
    'could not connect to postgresql://db.apps:5432/models',
  ],
  ['GET https://user:pw@host/a?sig=abc&x=1 failed', 'GET https://host/a failed'],
  ['Authorization: Bearer abcdefgh.0123', 'Authorization: Bearer (hidden)'],
  ['{"password": "hunter2", "user": "ada"}', '{"password": "(hidden)", "user": "ada"}'],
  ['DB_PASSWORD=hunter2; retry', 'DB_PASSWORD=(hidden); retry'],
  ['AWS_SECRET_ACCESS_KEY=abc/def', 'AWS_SECRET_ACCESS_KEY=(hidden)'],
  ['apiKey: 12345', 'apiKey: (hidden)'],
  ['pushed with ghp_0123456789abcdefghij', 'pushed with (hidden)'],
  ['eyJhbGciOi.eyJzdWIiOi.c2ln is no longer valid', '(hidden) is no longer valid'],
])('hides what is secret in %s', (given, shown) => {
  expect(hideSecrets(given)).toBe(shown);
});

it.each([
  'secret "db" not found',
  'the model answers 512 tokens: too many',
  'https://docs.pytorch.org/serve is where to look',
  "KeyError: 'weight'",
  'sh: 1: /etc/passwd: Permission denied',
  'torch.nn.modules.module.ModuleAttributeError: no attribute "key"',
])('leaves %s as it is', text => {
  expect(hideSecrets(text)).toBe(text);
});

it('takes time in proportion to the text, whatever it holds', () => {
  const began = process.cpuUsage();
  for (const piece of ['a://', 'password=', 'eyJa.', 'Bearer ', 'x_', 'https://a?']) {
    hideSecrets(piece.repeat(20_000));
  }
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
});
