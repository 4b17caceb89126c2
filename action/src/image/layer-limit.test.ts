import { parseRepository } from '@modelpier/backstage-plugin-modelpier-common';
import { assertFilesFit, assertLayerFits } from './layer-limit';

const GIGABYTE = 1_000_000_000;
const file = (path: string, sizeBytes: number) => ({ path, absolutePath: `/${path}`, sizeBytes });

it.each([
  ['ghcr.io/acme/app', 10 * GIGABYTE],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/app', 52_000 * 1024 * 1024],
  ['public.ecr.aws/acme/app', 10_000 * 1024 * 1024],
])('knows how much %s takes in a layer', (name, limit) => {
  const repository = parseRepository(name);
  const fits = (sizeBytes: number) => () => {
    assertFilesFit({ files: [file('model.gguf', sizeBytes)], compression: 'auto' }, [repository]);
  };
  expect(fits(limit)).not.toThrow();
  expect(fits(limit + 1)).toThrow(/^the layer of model\.gguf has .*; .* takes .* a layer$/);
});

it('knows no limit of a registry of its own', () => {
  const repository = parseRepository('registry.example/acme/app');
  expect(() => {
    assertLayerFits({ files: ['model.gguf'], sizeBytes: 1e15 }, repository);
  }).not.toThrow();
});

it('measures what gets compressed when it is packed', () => {
  const packed = { files: [file('vocabulary.txt', 11 * GIGABYTE)], compression: 'auto' } as const;
  expect(() => {
    assertFilesFit(packed, [parseRepository('ghcr.io/acme/app')]);
  }).not.toThrow();
});

it('asks every repository', () => {
  const packed = { files: [file('model.gguf', 11 * GIGABYTE)], compression: 'none' } as const;
  const repositories = ['registry.example/acme/app', 'ghcr.io/acme/app'].map(parseRepository);
  expect(() => {
    assertFilesFit(packed, repositories);
  }).toThrow('ghcr.io takes');
});

it('says of a base that no file can help', () => {
  expect(() => {
    assertLayerFits({ files: [], sizeBytes: 11 * GIGABYTE }, parseRepository('ghcr.io/acme/app'));
  }).toThrow(/^a layer of the base image has/);
});
