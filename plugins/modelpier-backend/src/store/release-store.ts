import type { ReleaseRecord } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { LedgerModelRow, ReleaseRow } from '../database/rows';
import { chunks, insertAll } from '../database/values';
import type { SeenLedger } from '../domain/cluster-snapshot';

/** Takes over what the ledgers of a cluster tell; releases that they have dropped since are kept. */
export async function writeReleases(
  trx: Knex,
  sourceId: number,
  ledgers: readonly SeenLedger[],
): Promise<void> {
  const kept = await trx<ReleaseRow>('releases').where({ source_id: sourceId });
  const documents = new Map(kept.map(row => [keyOf(row), row.document]));
  const rows = ledgers
    .flatMap(seen => seen.ledger.releases.map(release => toRow(release, seen, sourceId)))
    .filter(row => documents.get(keyOf(row)) !== row.document);
  // Of two ledgers that call a release the same, such as one copied by hand, the first counts.
  const distinct = [...new Map(rows.toReversed().map(row => [keyOf(row), row])).values()];
  for (const part of chunks(distinct)) {
    await trx<ReleaseRow>('releases')
      .insert([...part])
      .onConflict(['source_id', 'namespace', 'model_name', 'release_id'])
      .merge();
  }
  const links = ledgers.flatMap(({ namespace, ledger, models }) =>
    models.map(model => ({
      model_id: model,
      source_id: sourceId,
      namespace,
      model_name: ledger.model.slice(0, 63),
    })),
  );
  await trx<LedgerModelRow>('ledger_models').where({ source_id: sourceId }).delete();
  await insertAll(trx, 'ledger_models', [
    ...new Map(links.map(link => [`${link.model_id}/${link.namespace}`, link])).values(),
  ]);
}

const keyOf = (row: Pick<ReleaseRow, 'namespace' | 'model_name' | 'release_id'>): string =>
  `${row.namespace}/${row.model_name}/${row.release_id}`;

const toRow = (release: ReleaseRecord, { namespace, ledger }: SeenLedger, sourceId: number): ReleaseRow => ({
  source_id: sourceId,
  namespace,
  model_name: ledger.model.slice(0, 63),
  release_id: release.id.slice(0, 64),
  started_at: release.startedAt.slice(0, 32),
  verdict: release.verdict,
  document: JSON.stringify(release),
});
