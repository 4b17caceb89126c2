import { IMAGE_FACTS, type Manifest, type ModelFacts } from '@modelpier/backstage-plugin-modelpier-common';
import { factChanges } from './fact-changes';
import type { Previous } from './previous';

const FACTS: ModelFacts = { format: 'onnx', inputs: [{ name: 'x' }], sizeBytes: 10 };
const before = (annotation?: string): readonly Previous[] => {
  const annotations = annotation === undefined ? {} : { [IMAGE_FACTS]: annotation };
  const manifest = { annotations } as unknown as Manifest;
  return [{ kind: 'image', digest: `sha256:${'a'.repeat(64)}` as never, manifest }];
};

it('compares with what the image before says of itself', () => {
  expect(factChanges(before(JSON.stringify({ ...FACTS, inputs: [] })), FACTS)).toEqual({
    changes: [{ what: 'signature', isBreaking: true, text: 'input x is new' }],
  });
});

it.each([
  ['no version before', [{ kind: 'none' } as const]],
  ['no facts before', before()],
  ['facts that are no JSON', before('{')],
  ['facts that are none', before('{"format":"fax"}')],
])('says nothing where there is %s', (_, previous) => {
  expect(factChanges(previous, FACTS)).toEqual({});
});
