import {
  type HistoryAnswer,
  type HistoryRange,
  parseDigest,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { HistoryRow } from '../database/rows';
import { readDocument } from '../database/values';
import { boundsOf } from '../domain/history-range';
import { joinSpans } from '../domain/join-history';
import { sampledResources } from '../domain/sample-model';
import { readReleasesPage } from './releases';
import { repositoriesOf, selectVersions } from './version-rows';

export interface HistoryQuery {
  readonly modelId: number;
  readonly range: HistoryRange;
  /** Only there; all clusters where left out. */
  readonly cluster: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly withVersions: boolean;
  readonly withAllocation: boolean;
}

/** Marks on a chart beyond these cannot be told apart. */
const MOST_MARKS = 200;

export async function readHistory(
  knex: Knex,
  { modelId, range, cluster, now, withVersions, withAllocation }: HistoryQuery,
): Promise<Omit<HistoryAnswer, 'sources'>> {
  const { span, from } = boundsOf(range, now);
  const points = await readPoints(knex, { modelId, span, from, cluster });
  const releases = await readReleasesPage(knex, {
    modelId,
    cluster,
    since: from,
    limit: MOST_MARKS,
    cursor: undefined,
  });
  return {
    range,
    span,
    from,
    until: new Date(now).toISOString(),
    points: withAllocation ? points : points.map(point => ({ ...point, resources: [] })),
    versions: withVersions ? await readFirstSeen(knex, modelId, from) : [],
    releases: releases.items
      .toReversed()
      .map(({ id, cluster: name, namespace, environment, version, verdict, startedAt }) => ({
        at: startedAt,
        id,
        cluster: name,
        namespace,
        ...(environment !== null && { environment }),
        version,
        verdict,
      })),
  };
}

async function readPoints(
  knex: Knex,
  {
    modelId,
    span,
    from,
    cluster,
  }: { modelId: number; span: string; from: string; cluster?: string | undefined },
): Promise<HistoryAnswer['points']> {
  const query = knex<HistoryRow>('history').where({ model_id: modelId, span }).where('at', '>=', from);
  if (cluster !== undefined) {
    const ids = knex('sources').where({ kind: 'cluster', name: cluster }).select('id');
    void query.whereIn('source_id', ids);
  }
  const rows = await query.orderBy('at');
  return joinSpans(
    rows.map(row => ({
      at: row.at,
      desired: row.desired,
      ready: row.ready,
      leastReady: row.least_ready,
      resources: readDocument(sampledResources, row.resources, 'history'),
    })),
  );
}

async function readFirstSeen(knex: Knex, modelId: number, from: string): Promise<HistoryAnswer['versions']> {
  const rows = await selectVersions(knex)
    .whereIn('versions.repository_id', repositoriesOf(knex, modelId))
    .where('versions.first_seen_at', '>=', from)
    .orderBy([
      { column: 'versions.first_seen_at', order: 'desc' },
      { column: 'versions.id', order: 'desc' },
    ])
    .limit(MOST_MARKS);
  return rows.toReversed().map(row => ({
    at: row.first_seen_at,
    digest: parseDigest(row.digest),
    version: row.version,
  }));
}
