import { connectionError, RegistryError } from './registry-error';

const failed = (code: string) => Object.assign(new Error('secret detail'), { code });

it.each([
  ['ECONNRESET', 'unreachable', true],
  ['UND_ERR_SOCKET', 'unreachable', true],
  ['EAI_AGAIN', 'unreachable', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', true],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', true],
  ['UND_ERR_BODY_TIMEOUT', 'timeout', true],
  ['ENOTFOUND', 'unreachable', false],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unreachable', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unreachable', false],
])('takes %s for %s; worth another try: %s', (code, expected, isTransient) => {
  const error = connectionError('GET a/b', failed(code));
  expect(error).toMatchObject({ code: expected, isTransient });
  expect(error.message).toBe(`GET a/b: the connection failed (${code})`);
});

it('finds the code in a cause and among the addresses that were tried', () => {
  const tried = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')]);
  const error = connectionError('GET a/b', new Error('outer', { cause: tried }));
  expect(error.message).toBe('GET a/b: the connection failed (ECONNREFUSED)');
});

it('does not blame the registry for a file that cannot be read', () => {
  expect(connectionError('PATCH a/b', failed('EACCES'))).toMatchObject({ code: 'internal' });
});

it('passes on what is already explained', () => {
  const error = new RegistryError('forbidden', 'PUT a/b: DENIED');
  expect(connectionError('PUT a/b', error)).toBe(error);
});

it('tells a cancelled request from a broken one', () => {
  const error = connectionError('GET a/b', failed('UND_ERR_ABORTED'), AbortSignal.abort('stop'));
  expect(error).toMatchObject({ code: 'cancelled', message: 'GET a/b: cancelled', cause: 'stop' });
});
