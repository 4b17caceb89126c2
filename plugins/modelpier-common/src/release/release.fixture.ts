import { emptyLedger, type Ledger } from './ledger';
import type { ReleaseRecord, ReleaseVerdict } from './release-record';

/** The `day` of March 2026 tells the order of releases in tests. */
export function releaseOf(
  version: string,
  verdict: ReleaseVerdict,
  changes: Partial<ReleaseRecord> & { readonly day?: number } = {},
): ReleaseRecord {
  const { day = 1, ...others } = changes;
  const date = `2026-03-${String(day).padStart(2, '0')}`;
  return {
    id: `${date}-${version}`,
    version,
    image: `ghcr.io/acme/mnist@sha256:${version.replaceAll('.', '').padStart(64, '0')}`,
    actor: 'ada',
    startedAt: `${date}T12:00:00.000Z`,
    verdict,
    manifests: { secret: `modelpier-release-mnist-${day % 11}`, digest: `sha256:${version}` },
    ...others,
  };
}

/** The newest first. */
export const ledgerOf = (...releases: readonly ReleaseRecord[]): Ledger => ({
  ...emptyLedger('mnist'),
  releases,
});
