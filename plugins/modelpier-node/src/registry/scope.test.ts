import { coversScopes, scopesOfToken } from './scope';

it.each([
  [['repository:a:pull,push'], ['repository:a:pull'], true],
  [['repository:a:pull,push', 'repository:b:pull'], ['repository:b:pull', 'repository:a:pull'], true],
  [['repository:a:pull'], ['repository:a:pull,push'], false],
  [['repository:a:pull,push'], ['repository:b:pull'], false],
  [['repository:host:5000/a:pull'], ['repository:host:5000/a:pull'], true],
  [['repository:a:*'], ['repository:a:pull,push'], true],
  [[], [], true],
])('%j includes %j: %s', (granted, wanted, expected) => {
  expect(coversScopes(granted, wanted)).toBe(expected);
});

it('reads what a token gives, where it says so', () => {
  const token = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  const access = [{ type: 'repository', name: 'acme/app', actions: ['pull', 'push'] }];
  expect(scopesOfToken(token({ access }))).toEqual(['repository:acme/app:pull,push']);
  expect(scopesOfToken(token({ sub: 'octo' }))).toBeUndefined();
  expect(scopesOfToken('opaque')).toBeUndefined();
  expect(scopesOfToken('not.json.x')).toBeUndefined();
});
