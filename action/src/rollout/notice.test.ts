import { MountTroubles, type Notice } from './notice';

const failedMount = (resourceVersion: string, over: Partial<Notice['metadata']> = {}): Notice => ({
  metadata: { uid: 'event', resourceVersion, ...over },
  type: 'Warning',
  reason: 'FailedMount',
  message: 'secret "token" not found',
  involvedObject: { kind: 'Pod', uid: 'pod', name: 'mnist-0', namespace: 'apps' },
});

it('takes an event that nobody wrote again for one trouble, however long it is there', () => {
  const troubles = new MountTroubles();
  troubles.observe([failedMount('1')], 0);
  expect(troubles.observe([failedMount('1')], 150_000).get('pod')).toMatchObject({ since: 0, lastAt: 0 });
});

it('tells until when the cluster said it, by the same event or another of the pod', () => {
  const troubles = new MountTroubles();
  troubles.observe([failedMount('1')], 0);
  const again = troubles.observe([failedMount('2')], 64_000);
  expect(again.get('pod')).toMatchObject({ since: 0, lastAt: 64_000 });
  const other = troubles.observe([failedMount('2'), failedMount('3', { uid: 'other' })], 123_000);
  expect(other.get('pod')).toMatchObject({ since: 0, lastAt: 123_000 });
});

it('does not take the trouble of another pod for that of one of the same name', () => {
  const troubles = new MountTroubles();
  const { involvedObject } = failedMount('1');
  const later = { ...failedMount('2', { uid: 'later' }), involvedObject: { ...involvedObject, uid: 'new' } };
  troubles.observe([failedMount('1')], 0);
  expect(troubles.observe([failedMount('1'), later], 130_000).get('new')?.since).toBe(130_000);
});

it('passes over what is no trouble with a volume', () => {
  const pulled = { ...failedMount('1'), reason: 'BackOff' };
  expect(new MountTroubles().observe([pulled], 0).size).toBe(0);
});
