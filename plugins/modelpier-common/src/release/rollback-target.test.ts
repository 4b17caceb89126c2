import { ModelpierError } from '../error';
import { ledgerOf, releaseOf } from './release.fixture';
import { automaticTarget, chooseTarget, type WantedRelease } from './rollback-target';
import type { Ledger } from './ledger';

const v1 = releaseOf('1.0.0', 'healthy', { day: 1 });
const v2 = releaseOf('2.0.0', 'healthy', { day: 2 });
const broken = releaseOf('3.0.0', 'failed', { day: 3 });
const link = ({ id, version }: typeof v1) => ({ id, version });
const back = (to: typeof v1, from: typeof v1, day = 5) =>
  releaseOf(to.version, 'healthy', {
    day,
    image: to.image,
    manifests: to.manifests,
    rolledBackTo: link(to),
    rolledBackFrom: link(from),
  });

function chosen(ledger: Ledger, wanted: WantedRelease = {}): string {
  try {
    return chooseTarget(ledger, wanted).id;
  } catch (error) {
    if (!(error instanceof ModelpierError)) throw error;
    return `${error.message}; ${error.hint ?? ''}`;
  }
}

describe('after a failure', () => {
  const failing = releaseOf('4.0.0', 'in-progress', { day: 4 });

  it('goes back to the last healthy release, not to the one before', () => {
    expect(automaticTarget(ledgerOf(failing, broken, v2, v1), failing)).toEqual(v2);
  });

  it.each([
    [ledgerOf(failing), 'no release before it was healthy'],
    [ledgerOf(failing, broken), 'no release before it was healthy'],
    [
      ledgerOf(failing, { ...v2, manifests: undefined }, v1),
      'the manifests of 2.0.0 of 2026-03-02 12:00 UTC by ada (healthy) were too large to be kept',
    ],
    [
      ledgerOf(failing, { ...v2, manifests: failing.manifests }),
      'it has the very manifests of the last healthy release, 2.0.0 of 2026-03-02 12:00 UTC by ada (healthy)',
    ],
  ])('says why there is nothing to go back to', (ledger, words) => {
    expect(automaticTarget(ledger, failing)).toBe(words);
  });
});

describe('on demand', () => {
  const afterRollback = releaseOf('3.0.0', 'rolled-back', { day: 3, rolledBackTo: link(v2) });
  const afterFailedRollback = { ...afterRollback, verdict: 'rollback-failed' as const };
  const v0 = releaseOf('0.9.0', 'healthy', { day: 1 });

  it.each([
    ['before a healthy one', ledgerOf(v2, v1), v1],
    ['before a failed one', ledgerOf(broken, v2, v1), v2],
    ['after an automatic rollback', ledgerOf(afterRollback, v2, v1), v1],
    ['after a rollback that failed', ledgerOf(afterFailedRollback, v2, v1), v2],
    ['after a rollback on demand', ledgerOf(back(v1, v2), v2, v1, v0), v0],
    [
      'past releases that changed nothing',
      ledgerOf({ ...v2, id: 'again', verdict: 'unchanged' as const }, v2, v1),
      v1,
    ],
    ['past failures', ledgerOf(v2, broken, v1), v1],
  ])('goes back to the healthy release %s', (_, ledger, { id }) => {
    expect(chosen(ledger)).toBe(id);
  });

  it('goes back to a version, or to an image by its digest', () => {
    const again = releaseOf('1.0.0', 'healthy', { day: 4 });
    const ledger = ledgerOf(broken, again, v2, v1);
    expect(chosen(ledger, { version: '1.0.0' })).toBe(again.id);
    expect(chosen(ledger, { digest: v2.image.split('@')[1] })).toBe(v2.id);
  });

  it.each([
    [
      ledgerOf(v2, v1),
      { version: '9.9.9' },
      'there is no release 9.9.9; go back to one of 2.0.0 of 2026-03-02',
    ],
    [
      ledgerOf(broken, v2),
      { version: '3.0.0' },
      '3.0.0 never was healthy: 3.0.0 of 2026-03-03 12:00 UTC by ada (failed)',
    ],
    [ledgerOf(v2, { ...v1, manifests: undefined }), { version: '1.0.0' }, 'are not kept any more'],
    [ledgerOf(v2, v1), { version: '1.0.0', digest: 'sha256:b' }, 'no release 1.0.0 with sha256:b'],
    [ledgerOf(v2), {}, 'no other release that is kept was healthy before 2.0.0'],
    [ledgerOf(back(v1, v2), v2), {}, 'no other release that is kept was healthy before 1.0.0'],
    [ledgerOf(broken), {}, 'no release was healthy yet; there is no release to go back to'],
    [ledgerOf(), {}, 'roll back mnist: no release was healthy yet'],
  ])('refuses what it cannot go back to, and lists what it can', (ledger, wanted, words) => {
    expect(chosen(ledger, wanted)).toContain(words);
  });
});
