import type { Toleration } from '../workload/pod';
import { isForeign, isTolerated } from './taint';

const tainted = (...taints: { key: string; value?: string; effect: string }[]) => ({
  metadata: { name: 'n' },
  spec: { taints },
});
const GPU = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };

const CASES: readonly (readonly [string, readonly Toleration[], boolean])[] = [
  ['nothing', [], false],
  ['the key, value and effect', [{ key: GPU.key, value: 'present', effect: 'NoSchedule' }], true],
  ['the key and value', [{ key: GPU.key, operator: 'Equal', value: 'present' }], true],
  ['the key whatever its value', [{ key: GPU.key, operator: 'Exists' }], true],
  ['everything', [{ operator: 'Exists' }], true],
  ['everything of the effect', [{ operator: 'Exists', effect: 'NoSchedule' }], true],
  ['another value', [{ key: GPU.key, value: 'absent' }], false],
  ['no value', [{ key: GPU.key }], false],
  ['another effect', [{ key: GPU.key, operator: 'Exists', effect: 'NoExecute' }], false],
  ['another key', [{ key: 'dedicated', operator: 'Exists' }], false],
  ['an operator we do not know', [{ key: GPU.key, operator: 'Gt', value: '1' }], false],
];

it.each(CASES)('sees whether a pod that tolerates %s may use a tainted node', (_, tolerations, expected) => {
  expect(isTolerated(tainted(GPU), tolerations)).toBe(expected);
});

it('asks for a toleration of every taint, and for none of a wish', () => {
  const wish = { key: 'old', effect: 'PreferNoSchedule' };
  expect(isTolerated({ metadata: { name: 'n' } }, [])).toBe(true);
  expect(isTolerated(tainted(wish), [])).toBe(true);
  const both = tainted(GPU, { key: 'dedicated', effect: 'NoExecute' });
  expect(isTolerated(both, [{ key: GPU.key, operator: 'Exists' }])).toBe(false);
});

it('takes a node under pressure for ours, though it cannot be used now', () => {
  const pressed = tainted({ key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' });
  expect([isTolerated(pressed, []), isForeign(pressed, [])]).toEqual([false, false]);
  expect(isForeign(tainted(GPU), [])).toBe(true);
});
