import {
  appendRelease,
  finishRelease,
  freeSecretName,
  interruptReleases,
  KEPT_MANIFESTS,
  lastHealthyRelease,
  MOST_LEDGER_BYTES,
  MOST_RELEASES,
  storedReleaseNames,
} from './history';
import { type Ledger, renderLedger } from './ledger';
import type { ReleaseRecord } from './release-record';
import { ledgerOf, releaseOf } from './release.fixture';

const versionsOf = ({ releases }: Ledger) => releases.map(({ version }) => version);
const keptOf = ({ releases }: Ledger) =>
  releases.filter(({ manifests }) => manifests !== undefined).map(({ version }) => version);

/** Release after release, each with a Secret as the ledger gives it. */
function releaseAll(releases: readonly ReleaseRecord[], begun: Ledger = ledgerOf()): Ledger {
  return releases.reduce((ledger, release) => {
    const { digest = '' } = release.manifests ?? {};
    return appendRelease(ledger, { ...release, manifests: { secret: freeSecretName(ledger), digest } });
  }, begun);
}
const manyOf = (count: number, verdict: ReleaseRecord['verdict'], changes: Partial<ReleaseRecord> = {}) =>
  Array.from({ length: count }, (_, index) => releaseOf(`2.0.${index}`, verdict, changes));

it('puts the newest first, and a release that is said twice once', () => {
  const first = releaseOf('1.0.0', 'healthy');
  const second = releaseOf('1.1.0', 'in-progress', { day: 2 });
  const ledger = appendRelease(appendRelease(ledgerOf(first), second), { ...second, actor: 'grace' });
  expect(ledger.releases).toEqual([{ ...second, actor: 'grace' }, first]);
});

it('ends a release once', () => {
  const begun = ledgerOf(releaseOf('1.0.0', 'in-progress'));
  const { id = '' } = begun.releases[0] ?? {};
  const failed = finishRelease(begun, id, { verdict: 'failed', reason: 'no pods', finishedAt: 'then' });
  const again = finishRelease(failed, id, { verdict: 'healthy', finishedAt: 'later' });
  expect(again.releases[0]).toMatchObject({ verdict: 'failed', reason: 'no pods', finishedAt: 'then' });
});

it('tells releases of dead runs as interrupted, and leaves the others alone', () => {
  const done = releaseOf('1.0.0', 'healthy');
  const { releases } = interruptReleases(
    ledgerOf(releaseOf('1.1.0', 'in-progress', { day: 2 }), done),
    'now',
  );
  expect(releases[0]).toMatchObject({ verdict: 'interrupted', finishedAt: 'now' });
  expect(releases[1]).toBe(done);
});

it.each([
  [['failed', 'rolled-back', 'healthy', 'healthy'], 2],
  [['in-progress', 'unchanged', 'healthy'], 1],
  [['failed', 'cancelled', 'interrupted', 'rollback-failed'], undefined],
] as const)('finds the last healthy release among %j', (verdicts, position) => {
  const ledger = ledgerOf(...verdicts.map((verdict, index) => releaseOf(`1.${index}.0`, verdict)));
  expect(lastHealthyRelease(ledger)?.version).toBe(position === undefined ? undefined : `1.${position}.0`);
});

it('keeps the manifests of the last ten releases', () => {
  const ledger = releaseAll(manyOf(12, 'healthy'));
  expect(versionsOf(ledger)).toHaveLength(12);
  expect(keptOf(ledger)).toEqual(versionsOf(ledger).slice(0, KEPT_MANIFESTS));
});

it('never drops those of the last healthy release, nor writes over them', () => {
  const ledger = releaseAll(manyOf(200, 'failed'), releaseAll([releaseOf('1.0.0', 'healthy')]));
  expect(versionsOf(ledger)).toHaveLength(MOST_RELEASES);
  expect(lastHealthyRelease(ledger)?.manifests?.secret).toBe('modelpier-release-mnist-0');
  expect(keptOf(ledger)).toHaveLength(KEPT_MANIFESTS + 1);
  const secrets = ledger.releases.flatMap(({ manifests }) => manifests?.secret ?? []);
  expect([...secrets].sort()).toEqual([...storedReleaseNames('mnist')].sort());
});

it('counts releases that share their manifests once', () => {
  const secret = 'modelpier-release-mnist-0';
  const again = Array.from({ length: 30 }, (_, index) =>
    releaseOf(`1.0.${index}`, 'unchanged', { manifests: { secret, digest: 'sha256:same' } }),
  );
  expect(keptOf(again.reduce(appendRelease, ledgerOf()))).toHaveLength(30);
});

it('drops the oldest where the bytes are too many, also where letters have several', () => {
  const ledger = releaseAll(
    manyOf(MOST_RELEASES, 'failed', { reason: 'ü€😀'.repeat(1000), diagnosis: '€'.repeat(9999) }),
  );
  expect(Buffer.byteLength(renderLedger(ledger))).toBeLessThanOrEqual(MOST_LEDGER_BYTES);
  expect(versionsOf(ledger).length).toBeGreaterThan(50);
  expect(versionsOf(ledger)[0]).toBe(`2.0.${MOST_RELEASES - 1}`);
});

it('keeps the newest release whatever its size', () => {
  const ledger = appendRelease(
    ledgerOf(),
    releaseOf('1.0.0', 'healthy', { commit: 'c'.repeat(MOST_LEDGER_BYTES) }),
  );
  expect(versionsOf(ledger)).toEqual(['1.0.0']);
});

it('cuts long reasons at a whole character', () => {
  const [release] = appendRelease(
    ledgerOf(),
    releaseOf('1.0.0', 'failed', { reason: '😀'.repeat(2000) }),
  ).releases;
  expect(release?.reason).toBe(`${'😀'.repeat(997)}...`);
});
