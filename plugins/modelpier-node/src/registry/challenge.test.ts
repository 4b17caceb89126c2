import { parseChallenge } from './challenge';

const bearer = (realm: string, service?: string) => ({ scheme: 'bearer', realm, service });

it.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
    bearer('https://auth.docker.io/token', 'registry.docker.io'),
  ],
  [
    'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:o/app:pull,push"',
    bearer('https://ghcr.io/token', 'ghcr.io'),
  ],
  ['bearer REALM="https://a.example/t"', bearer('https://a.example/t')],
  ['Bearer realm=https://a.example/t,service=s', bearer('https://a.example/t', 's')],
  ['Bearer realm="https://a.example/\\"t"', bearer('https://a.example/"t')],
  ['Bearer service="x"', undefined],
  ['Basic realm="registry"', { scheme: 'basic' }],
  [
    'Basic realm="a, b", Bearer realm="https://a.example/t" , service="s"',
    bearer('https://a.example/t', 's'),
  ],
  ['Bearer realm="https://a.example/t",service="s", Basic realm="r"', bearer('https://a.example/t', 's')],
  ['Negotiate, Basic realm="r"', { scheme: 'basic' }],
  ['Negotiate YII=, Basic realm="r"', { scheme: 'basic' }],
  ['Digest realm="r", nonce="n"', undefined],
  ['', undefined],
  [', ,', undefined],
])('reads %s', (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});
