import { readImageFacts } from './image-facts';

it('reads images that the action did not build', () => {
  const facts = readImageFacts(
    {},
    {
      'org.opencontainers.image.version': '3.1.4',
      'org.opencontainers.image.revision': 'abc1234',
      'org.opencontainers.image.source': 'https://github.com/acme/fraud',
    },
  );
  expect(facts).toMatchObject({
    version: '3.1.4',
    commit: 'abc1234',
    sourceUrl: 'https://github.com/acme/fraud',
    model: null,
    metrics: {},
  });
});

it('takes the annotation of the index before the label of the config', () => {
  const key = 'org.opencontainers.image.version';
  expect(readImageFacts({ [key]: '2' }, { [key]: '1' }).version).toBe('2');
  expect(readImageFacts({ [key]: '' }, { [key]: '1' }).version).toBe('1');
});

it.each([
  ['a script as a link', { 'org.opencontainers.image.source': 'javascript:alert(1)' }],
  ['a file as a link', { 'org.opencontainers.image.source': 'file:///etc/passwd' }],
  ['a model digest that is none', { 'io.modelpier.model-digest': 'sha256:short' }],
  ['metrics that are no JSON', { 'io.modelpier.metrics': '{' }],
  ['metrics that are a list', { 'io.modelpier.metrics': '[1]' }],
  ['metrics that are no numbers', { 'io.modelpier.metrics': '{"accuracy":"high","loss":null}' }],
  ['a text longer than a text should be', { 'org.opencontainers.image.revision': 'a'.repeat(300) }],
])('drops %s', (_, labels) => {
  expect(readImageFacts(labels as unknown as Record<string, string>)).toEqual({
    version: null,
    model: null,
    modelDigest: null,
    format: null,
    metrics: {},
    commit: null,
    sourceUrl: null,
    baseName: null,
    baseDigest: null,
  });
});
