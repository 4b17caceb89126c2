import { parseDigest } from '../image/digest';
import type { Release } from './release';
import { findStarted, newestReleaseId, rollbackChoices, type Started } from './started';

const digestOf = (figure: string) => parseDigest(`sha256:${figure.repeat(64)}`);
const release = (id: string, version: string, told: Partial<Release> = {}): Release => ({
  id,
  cluster: 'harbor',
  namespace: 'apps',
  environment: 'production',
  version,
  image: '',
  digest: digestOf(version[0] ?? '0'),
  commit: null,
  actor: null,
  runUrl: null,
  startedAt: '2026-03-01T12:00:00Z',
  finishedAt: null,
  verdict: 'healthy',
  reason: null,
  diagnosis: null,
  canReturn: true,
  ...told,
});
const started: Started = {
  requestId: '01234567',
  action: 'rollback',
  environment: 'production',
  version: '1.0.0',
  digest: digestOf('1'),
  at: '2026-03-01T12:00:00Z',
  after: '20260301t110000-aa',
  answer: null,
};
const answer = { repository: 'acme/mnist', workflow: 'rollback.yml', ref: 'main', runsUrl: 'https://x' };
const wentBack = { rolledBackFrom: { id: 'x', version: '2.0.0' } };

it('knows the release of a rollback by what it went back to', () => {
  const own = release('20260301t120000-bb', '1.0.0', wentBack);
  const releases = [
    release('20260301t120500-cc', '3.0.0'),
    own,
    release('20260301t100000-aa', '1.0.0', wentBack),
    release('20260301t120100-dd', '1.0.0', { ...wentBack, environment: 'staging' }),
  ];
  expect(findStarted(releases, started)).toBe(own);
  expect(findStarted([release('20260301t120000-bb', '1.0.0')], started)).toBeUndefined();
});

it('knows the release of a promotion by its digest, and where several fit takes the first after it', () => {
  const promoted: Started = { ...started, action: 'promote', digest: digestOf('3') };
  const first = release('20260301t120000-bb', '3.0.0');
  expect(findStarted([release('20260301t130000-cc', '3.0.0'), first], promoted)).toBe(first);
  expect(findStarted([release('20260301t120000-bb', '2.0.0')], promoted)).toBeUndefined();
  expect(findStarted([first], { ...promoted, after: null })).toBe(first);
});

it('knows a release by its run where both are told', () => {
  const run = 'https://github.com/acme/mnist/actions/runs/7';
  const known: Started = { ...started, answer: { ...answer, runUrl: run } };
  const other = release('20260301t120000-bb', '1.0.0', { ...wentBack, runUrl: `${run}1` });
  const own = release('20260301t120100-cc', '1.0.0', { runUrl: run });
  expect(findStarted([other, own], known)).toBe(own);
  expect(findStarted([other], known)).toBeUndefined();
});

it('offers of each version the newest release that can be gone back to, and none that runs', () => {
  const releases = [
    release('e', '3.0.0'),
    release('d', '2.0.0', { canReturn: false }),
    release('c', '1.0.0'),
    release('b', '1.0.0'),
    release('a', '1 is none'),
    release('f', '4.0.0', { environment: 'staging' }),
  ];
  const running = new Set([digestOf('3')]);
  expect(rollbackChoices(releases, { environment: 'production', running }).map(({ id }) => id)).toEqual([
    'c',
  ]);
});

it('finds the newest release of an environment', () => {
  const releases = [
    release('b', '1.0.0'),
    release('c', '1.0.0', { environment: 'staging' }),
    release('a', '1'),
  ];
  expect(newestReleaseId(releases, 'production')).toBe('b');
  expect(newestReleaseId(releases, 'edge')).toBeNull();
});
