import {
  type AllocationAnswer,
  type DeploymentsAnswer,
  type HistoryAnswer,
  type ModelAnswer,
  type ReleasesPage,
  type ReuseAnswer,
  type ReuseResult,
  type Source,
  type VersionDetail,
  type VersionDiff,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';
import { allocationOf, allocationSummary } from './allocation';
import { deploymentOf, failing } from './deployments';
import { diffOf } from './diff';
import { digestOf } from './digests';
import { emptyHistory, historyOf } from './history';
import { releasesOf } from './ledger';
import { WAYS } from './proofs';
import { detailOf, fleetReuse, RELEASES, REPOSITORY, reuseOf, versionOf } from './releases';
import { EDGE, HOUR, MINUTE, momentsBefore, PRODUCTION, sourcesOf, STAGING, troubledSources } from './world';

/** Everything one model's page asks for. */
export interface ModelFixture {
  readonly model: ModelAnswer;
  readonly versions: VersionsPage;
  /** The page behind the cursor `older`. */
  readonly olderVersions?: VersionsPage;
  readonly details: readonly VersionDetail[];
  readonly diffs: readonly VersionDiff[];
  readonly deployments: DeploymentsAnswer;
  /** A backend older than the page does not tell of them. */
  readonly releases?: ReleasesPage | undefined;
  /** The page behind the cursor `older`. */
  readonly olderReleases?: ReleasesPage;
  /** Of a week, as the page asks for at first. */
  readonly history: HistoryAnswer;
  readonly allocation: AllocationAnswer;
  readonly reuse: ReuseAnswer;
}

export interface FixtureOptions {
  readonly now: Date;
  /** A dead cluster, a failing rollout, an annotation that is refused and no metrics. */
  readonly trouble?: boolean;
}

/** From each version to each other. */
const diffsBetween = (details: readonly VersionDetail[], sources: readonly Source[]): VersionDiff[] =>
  details.flatMap(after =>
    details.filter(before => before !== after).map(before => diffOf([before, after], sources)),
  );

const UNKNOWN_REGISTRY =
  'ghcr.io/acme/digits: the portal does not know the registry ghcr.io; add it to modelpier.registries or correct modelpier.io/image';

/** A model with three versions in two clusters. */
export function modelFixture({ now, trouble = false }: FixtureOptions): ModelFixture {
  const moment = momentsBefore(now);
  const sources = trouble ? troubledSources(moment) : sourcesOf(moment);
  const versions = RELEASES.map((release, index) => versionOf(release, index, moment));
  const staging = deploymentOf({ at: STAGING, release: 0, replicas: 1, deployedAgoMs: 38 * MINUTE }, moment);
  const production = deploymentOf(
    { at: PRODUCTION, release: 1, replicas: 3, deployedAgoMs: 26 * HOUR },
    moment,
  );
  const edge = deploymentOf({ at: EDGE, release: 1, replicas: 2, deployedAgoMs: 25 * HOUR }, moment);
  const items = [staging, trouble ? failing(production) : production, edge];
  const details = versions.map((version, index) => detailOf(index, version, sources));
  const [newest, ...others] = details;
  const places = [STAGING, PRODUCTION, EDGE];
  return {
    versions: { items: versions, nextCursor: null, total: versions.length, sources },
    details,
    diffs: newest === undefined ? [] : diffsBetween([newest, ...others], sources),
    deployments: { items, sources },
    releases: releasesOf(moment, sources),
    history: historyOf(moment, sources, { measured: !trouble }),
    allocation: { scopes: allocationOf(moment, !trouble), sources },
    reuse: {
      releases: [
        {
          repository: REPOSITORY,
          platform: 'linux/amd64',
          digest: digestOf(RELEASES[0].version),
          version: RELEASES[0].version,
          previous: digestOf('1.1.0'),
          reuse: reuseOf(0),
        },
      ],
      fleet: fleetReuse(),
      sources,
    },
    model: {
      model: {
        entity: { kind: 'component', namespace: 'default', name: 'mnist-mlp' },
        title: 'Handwritten digits',
        owner: 'group:default/guests',
        repositories: [REPOSITORY],
        ...(trouble && { problems: [UNKNOWN_REGISTRY] }),
        versions: versions.length,
        newest: versions[0] ?? null,
        deployments: items.map(({ version, status, replicas, drift }, index) => ({
          placement: places[index] ?? STAGING,
          version,
          status,
          ready: replicas.ready,
          desired: replicas.desired,
          drift,
        })),
        allocation: allocationSummary(!trouble),
      },
      ways: WAYS,
      sources,
    },
  };
}

/** A model that was named in the catalog and neither pushed nor deployed yet. */
export function emptyFixture({ now }: FixtureOptions): ModelFixture {
  const sources = sourcesOf(momentsBefore(now));
  const nothing: ReuseResult = {
    mode: 'fleet',
    basis: 'compressed',
    totalBytes: 0,
    newBytes: 0,
    newLayers: 0,
    ratio: null,
    reason: 'empty-image',
    reusedBaseBytes: 0,
    reusedOwnBytes: 0,
  };
  return {
    versions: { items: [], nextCursor: null, total: 0, sources },
    details: [],
    diffs: [],
    deployments: { items: [], sources },
    releases: { items: [], nextCursor: null, total: 0, sources },
    history: emptyHistory(momentsBefore(now), sources),
    allocation: { scopes: [], sources },
    reuse: { releases: [], fleet: nothing, sources },
    model: {
      model: {
        entity: { kind: 'component', namespace: 'default', name: 'mnist-mlp' },
        title: null,
        owner: null,
        repositories: [REPOSITORY],
        versions: 0,
        newest: null,
        deployments: [],
      },
      sources,
    },
  };
}
