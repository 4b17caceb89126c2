import {
  type Placement,
  type Release,
  type ReleasesPage,
  type Source,
} from '@modelpier/backstage-plugin-modelpier-common';
import { digestOf } from './digests';
import { RELEASES, REPOSITORY } from './releases';
import { HOUR, MINUTE, type Moment, PRODUCTION, STAGING } from './world';

interface Told extends Partial<Release> {
  readonly at: Placement;
  readonly release: number;
  readonly agoMs: number;
}

function releaseOf({ at, release, agoMs, ...told }: Told, { ago }: Moment): Release {
  const { version, commit } = RELEASES[release] ?? RELEASES[0];
  const digest = digestOf(version);
  return {
    id: `${ago(agoMs)
      .replace(/[-:]|\.\d+Z/g, '')
      .toLowerCase()}-3fa9`,
    cluster: at.cluster,
    namespace: at.namespace,
    environment: at.environment ?? null,
    version,
    image: `${REPOSITORY}@${digest}`,
    digest,
    commit,
    actor: 'mira',
    runUrl: 'https://github.com/acme/mnist-mlp/actions/runs/7310022',
    startedAt: ago(agoMs),
    finishedAt: ago(agoMs - 41_000),
    verdict: 'healthy',
    reason: null,
    diagnosis: null,
    canReturn: true,
    golden: { verdict: 'passed', cases: 12, p95Ms: 4.1, coldStartMs: 3_200 },
    ...told,
  };
}

/** A ledger with a release that went well, one that failed and went back, and a rollback on demand. */
export function releasesOf(moment: Moment, sources: readonly Source[]): ReleasesPage {
  const back = { id: '20260301t120000-3fa9', version: '1.1.0' };
  const items = [
    releaseOf({ at: STAGING, release: 0, agoMs: 38 * MINUTE }, moment),
    releaseOf(
      {
        at: PRODUCTION,
        release: 0,
        agoMs: 3 * HOUR,
        finishedAt: moment.ago(3 * HOUR - 5 * MINUTE),
        verdict: 'rolled-back',
        reason: 'Deployment/apps/mnist-mlp failed: container server was killed at its memory limit',
        diagnosis:
          'the server needs more than its limit of 256Mi (3 pods alike); set resources.limits.memory to 512Mi',
        rolledBackTo: back,
        canReturn: false,
      },
      moment,
    ),
    releaseOf(
      {
        at: PRODUCTION,
        release: 1,
        agoMs: 26 * HOUR,
        rolledBackTo: back,
        rolledBackFrom: { id: '20260301t110000-77aa', version: '1.2.0-rc.1' },
      },
      moment,
    ),
  ];
  return { items, nextCursor: null, total: items.length, sources };
}
