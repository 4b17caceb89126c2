// cspell:ignore sise imgae

import { droppedFields } from './dropped-fields';
import { formatFieldPath } from './field-path';

const dropped = (sent: object, answered: object): readonly string[] =>
  droppedFields(sent as Record<string, unknown>, answered as Record<string, unknown>).map(formatFieldPath);

it('finds what the answer lacks, in lists by the key of an item', () => {
  const sent = { spec: { size: 1, sise: 2, containers: [{ name: 'b', imgae: 'x' }] } };
  const answered = { spec: { size: 1, containers: [{ name: 'a' }, { name: 'b' }] } };
  expect(dropped(sent, answered)).toEqual(['spec.sise', 'spec.containers[0].imgae']);
});

it('passes over what is only written differently, or is nothing', () => {
  const sent = {
    metadata: { labels: { gone: 'x' } },
    stringData: { a: 'b' },
    status: { replicas: 1 },
    spec: { cpu: '1000m', paused: false, minReadySeconds: 0, emptyDir: {}, args: ['a'], nothing: null },
  };
  expect(dropped(sent, { spec: { cpu: '1', args: ['b'] } })).toEqual([]);
});
