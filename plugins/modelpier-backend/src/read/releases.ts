import {
  type Digest,
  isDigest,
  isHealthyRelease,
  type Release,
  releaseRecord,
  type ReleasesPage,
  type ReleaseVerdict,
  type VersionDetail,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { ReleaseRow, Wide } from '../database/rows';
import { readDocument, wideNumber } from '../database/values';
import { readLink } from '../domain/link';
import { type Cursor, parseCursor, writeCursor } from './cursor';

/** Which releases of a model; what is left out narrows nothing. */
export interface ReleasesFilter {
  readonly modelId: number;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly verdict?: ReleaseVerdict | undefined;
  /** RFC 3339: none that began before. */
  readonly since?: string | undefined;
}

export interface ReleasesQuery extends ReleasesFilter {
  readonly limit: number;
  readonly cursor: string | undefined;
}

type FoundRow = ReleaseRow & { readonly cluster: string };

const ORDER = ['started_at', 'source_id', 'namespace', 'release_id'] as const;

/** What the ledgers of a model tell, newest first. */
export async function readReleasesPage(
  knex: Knex,
  { limit, cursor, ...filter }: ReleasesQuery,
): Promise<Omit<ReleasesPage, 'sources'>> {
  const query = selectReleases(knex, filter)
    .orderBy(ORDER.map(column => ({ column: `releases.${column}`, order: 'desc' as const })))
    .limit(limit + 1)
    .select<FoundRow[]>('releases.*', 'sources.name as cluster');
  if (cursor !== undefined)
    void query.where(isAfter(knex, parseCursor(cursor, ['text', 'number', 'text', 'text'])));
  const rows = await query;
  const [total] = await selectReleases(knex, filter).count<{ count: Wide }[]>({ count: '*' });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toRelease),
    nextCursor:
      rows.length > limit && last !== undefined ? writeCursor(ORDER.map(column => last[column])) : null,
    total: wideNumber(total?.count ?? 0),
  };
}

/** Beyond these nobody remembers the release. */
const MOST_LOOKED_AT = 200;

/** What the newest release of a digest that was held against a golden file found. */
export async function readNewestGolden(
  knex: Knex,
  { modelId, digest }: { readonly modelId: number; readonly digest: string },
): Promise<VersionDetail['golden']> {
  const rows = await selectReleases(knex, { modelId })
    .orderBy('releases.started_at', 'desc')
    .limit(MOST_LOOKED_AT)
    .select<FoundRow[]>('releases.*', 'sources.name as cluster');
  for (const row of rows) {
    const { golden, environment, startedAt, ...release } = toRelease(row);
    if (release.digest === digest && golden !== undefined)
      return { note: golden, environment, at: startedAt };
  }
  return undefined;
}

function selectReleases(
  knex: Knex,
  { modelId, cluster, namespace, verdict, since }: ReleasesFilter,
): Knex.QueryBuilder {
  const query: Knex.QueryBuilder = knex('ledger_models')
    .join('releases', join => {
      join
        .on('releases.source_id', 'ledger_models.source_id')
        .andOn('releases.namespace', 'ledger_models.namespace')
        .andOn('releases.model_name', 'ledger_models.model_name');
    })
    .join('sources', 'sources.id', 'releases.source_id')
    .where('ledger_models.model_id', modelId);
  if (cluster !== undefined) void query.where('sources.name', cluster);
  if (namespace !== undefined) void query.where('releases.namespace', namespace);
  if (verdict !== undefined) void query.where('releases.verdict', verdict);
  if (since !== undefined) void query.where('releases.started_at', '>=', since);
  return query;
}

/** Rows behind the cursor, as a comparison of rows. */
const isAfter = (knex: Knex, values: Cursor): Knex.Raw =>
  knex.raw(
    '(releases.started_at, releases.source_id, releases.namespace, releases.release_id) < (?, ?, ?, ?)',
    [...values],
  );

/** Whoever may write the ledger may have written anything: its links are checked like all others. */
function toRelease({ cluster, namespace, document }: FoundRow): Release {
  const record = readDocument(releaseRecord, document, 'release');
  const { rolledBackTo, rolledBackFrom } = record;
  return {
    id: record.id,
    cluster,
    namespace,
    environment: record.environment ?? null,
    version: record.version,
    image: record.image,
    digest: digestOf(record.image),
    commit: record.commit ?? null,
    actor: record.actor ?? null,
    runUrl: readLink(record.runUrl),
    startedAt: record.startedAt,
    finishedAt: record.finishedAt ?? null,
    verdict: record.verdict,
    reason: record.reason ?? null,
    diagnosis: record.diagnosis ?? null,
    ...(rolledBackTo !== undefined && { rolledBackTo }),
    ...(rolledBackFrom !== undefined && { rolledBackFrom }),
    ...(record.golden !== undefined && { golden: record.golden }),
    canReturn: isHealthyRelease(record) && record.manifests !== undefined,
  };
}

function digestOf(image: string): Digest | null {
  const last = image.slice(image.lastIndexOf('@') + 1);
  return isDigest(last) ? last : null;
}
