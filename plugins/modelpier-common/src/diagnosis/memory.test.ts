import { proposedLimit } from './memory';

it.each([
  ['128Mi', undefined, '256Mi'],
  ['128Mi', 3_328_599_654, '7Gi'],
  ['1Gi', 400_000, '2Gi'],
  ['3Gi', undefined, '6Gi'],
  ['700Mi', undefined, '1536Mi'],
  ['8Gi', 3_328_599_654, '16Gi'],
])('proposes for a limit of %s and a model of %s bytes %s', (limit, modelBytes, proposed) => {
  expect(proposedLimit(limit, modelBytes)).toBe(proposed);
});
