import { redact, secretsOf, shownUrl } from './redact';

it.each([
  ['see https://store.example/b?X-Amz-Signature=abc&x=1 now', 'see https://store.example/b now'],
  ['at https://user:hunter2@ghcr.io/v2/', 'at https://ghcr.io/v2/'],
  ['sent Authorization: Bearer abcdef0123456789', 'sent Authorization: Bearer (hidden)'],
  ['sent Basic dXNlcjpodW50ZXIy', 'sent Basic (hidden)'],
  ['the token eyJhbGciOi.eyJzdWIi.c2ln expired', 'the token (hidden) expired'],
  ['{"access_token": "s3cret", "x": 1}', '{"access_token": "(hidden)", "x": 1}'],
  ['password=hunter2 refused', 'password=(hidden) refused'],
  ['denied\n::add-mask::x\r\u001b[31m', 'denied ::add-mask::x [31m'],
  ['requested access to the resource is denied', 'requested access to the resource is denied'],
])('shows %j as %j', (foreign, shown) => {
  expect(redact(foreign)).toBe(shown);
});

it.each([
  [
    'Basic dXNlcjpodW50ZXIy',
    'got dXNlcjpodW50ZXIy, user:hunter2 and hunter2',
    'got (hidden), (hidden) and (hidden)',
  ],
  ['Bearer 0123456789', 'got 0123456789', 'got (hidden)'],
  [`Basic ${btoa('u:pw')}`, 'the pw of u is wrong', 'the pw of u is wrong'],
  [undefined, 'denied', 'denied'],
])('hides what %j proves itself by', (authorization, foreign, shown) => {
  expect(redact(foreign, secretsOf(authorization))).toBe(shown);
});

it('caps what it shows', () => {
  expect(redact('x'.repeat(100_000))).toHaveLength(503);
});

it('shows an address without user, password, query and fragment', () => {
  expect(shownUrl(new URL('https://u:p@ghcr.io/v2/a/blobs/uploads/1?_state=secret#f'))).toBe(
    'ghcr.io/v2/a/blobs/uploads/1',
  );
});
