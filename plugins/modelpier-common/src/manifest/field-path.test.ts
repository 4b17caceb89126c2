// cspell:ignore replcias imagePulPolicy Pul valeu

import { formatFieldPath, parseFieldPath } from './field-path';

it.each([
  ['.spec.replcias', ['spec', 'replcias']],
  ['spec.template.spec.containers[0].image', ['spec', 'template', 'spec', 'containers', 0, 'image']],
  [
    '.spec.template.spec.containers[name="main"].imagePulPolicy',
    ['spec', 'template', 'spec', 'containers', { name: 'main' }, 'imagePulPolicy'],
  ],
  ['.spec.ports[port=80,protocol="TCP"].nam', ['spec', 'ports', { port: 80, protocol: 'TCP' }, 'nam']],
  ['metadata.annotations[modelpier.io/image]', ['metadata', 'annotations', 'modelpier.io/image']],
  ['data["a.b"]', ['data', 'a.b']],
  ['spec.env[name="a]b\\"c"].valeu', ['spec', 'env', { name: 'a]b"c' }, 'valeu']],
])('reads %s', (text, path) => {
  expect(parseFieldPath(text)).toEqual(path);
});

it('writes what it reads', () => {
  for (const text of ['spec.a[0].b', 'spec.c[name="x",port=80].d', 'data["a.b"]'])
    expect(formatFieldPath(parseFieldPath(text))).toBe(text);
});

it('keeps what it understood of a path that ends in nonsense', () => {
  expect(parseFieldPath('spec.a[[')).toEqual(['spec', 'a']);
});
