import { coversScopes } from './scope';

it.each([
  [['repository:a:pull,push'], ['repository:a:pull'], true],
  [['repository:a:pull,push', 'repository:b:pull'], ['repository:b:pull', 'repository:a:pull'], true],
  [['repository:a:pull'], ['repository:a:pull,push'], false],
  [['repository:a:pull,push'], ['repository:b:pull'], false],
  [['repository:host:5000/a:pull'], ['repository:host:5000/a:pull'], true],
  [[], [], true],
])('%j includes %j: %s', (granted, wanted, expected) => {
  expect(coversScopes(granted, wanted)).toBe(expected);
});
