import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { annotationsOf } from './annotations';

const at = { file: 'deploy/api.yaml', line: 3, column: 5 };
const place = { file: 'deploy/api.yaml', startLine: 3, startColumn: 5 };
const errorOf = (faults: ModelpierError['faults']): ModelpierError =>
  new ModelpierError('invalid-document', 'read', { faults });

it('points at the line of each fault that has one', () => {
  const faults = [
    { path: 'deploy/api.yaml', message: 'needs a kind', at },
    { path: 'Service/apps/api', message: 'is not served', at },
    { path: 'kubeconfig', message: 'is not in a file' },
  ];
  expect(annotationsOf(errorOf(faults))).toEqual([
    { ...place, message: 'needs a kind' },
    { ...place, message: 'Service/apps/api: is not served' },
  ]);
});

it('tells no more than GitHub shows, and nothing of other errors', () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ path: 'a', message: String(index), at }));
  expect(annotationsOf(errorOf(many))).toHaveLength(10);
  expect(annotationsOf(new Error('no'))).toEqual([]);
});
