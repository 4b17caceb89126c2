import type { ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { FleetDocumentRow, FleetRow, PlaceRow, SourceRow } from '../database/rows';
import { chunks, insertAll } from '../database/values';
import { toFleetRow } from '../domain/fleet-row';

/** A row has about twenty columns. */
const ROWS_PER_STATEMENT = 200;

export interface FleetEntry {
  readonly modelId: number;
  readonly entityRef: string;
  readonly summary: ModelSummary;
}

/** Keeps others from composing the same models meanwhile: what is written last was also read last. */
export async function lockFleet(trx: Knex, modelIds: readonly number[]): Promise<void> {
  const ids = modelIds.toSorted((a, b) => a - b);
  for (const part of chunks(ids)) {
    await trx<FleetDocumentRow>('fleet_documents')
      .insert(part.map(id => ({ model_id: id, document: '' })))
      .onConflict('model_id')
      .ignore();
    await trx<FleetDocumentRow>('fleet_documents')
      .whereIn('model_id', [...part])
      .orderBy('model_id')
      .forUpdate()
      .select('model_id');
  }
}

/** Writes the models whose summaries changed; answers how many did. */
export async function writeFleet(trx: Knex, entries: readonly FleetEntry[]): Promise<number> {
  const texts = new Map(entries.map(entry => [entry.modelId, JSON.stringify(entry.summary)]));
  const kept = new Map<number, string>();
  for (const part of chunks([...texts.keys()])) {
    const rows = await trx<FleetDocumentRow>('fleet_documents').whereIn('model_id', part);
    for (const row of rows) kept.set(row.model_id, row.document);
  }
  const changed = entries.filter(({ modelId }) => kept.get(modelId) !== texts.get(modelId));
  const sources = await trx<SourceRow>('sources').where({ kind: 'cluster' }).select('id', 'name');
  const clusters = new Map(sources.map(({ id, name }) => [name, id]));
  for (const part of chunks(changed, ROWS_PER_STATEMENT)) {
    const rows = part.map(({ modelId, entityRef, summary }) => toFleetRow(modelId, entityRef, summary));
    await trx<FleetRow>('fleet').insert(rows).onConflict('model_id').merge();
    await trx<FleetDocumentRow>('fleet_documents')
      .insert(part.map(({ modelId: id }) => ({ model_id: id, document: texts.get(id) ?? '' })))
      .onConflict('model_id')
      .merge();
    await trx<PlaceRow>('model_places')
      .whereIn(
        'model_id',
        part.map(({ modelId }) => modelId),
      )
      .delete();
    await insertAll(
      trx,
      'model_places',
      part.flatMap(entry => placesOf(entry, clusters)),
    );
  }
  return changed.length;
}

function placesOf(
  { modelId, summary }: FleetEntry,
  clusters: ReadonlyMap<string, number>,
): readonly PlaceRow[] {
  const rows = summary.deployments.flatMap(({ placement: { cluster, namespace, environment = '' } }) => {
    const id = clusters.get(cluster);
    return id === undefined ? [] : [{ model_id: modelId, source_id: id, namespace, environment }];
  });
  return [...new Map(rows.map(row => [JSON.stringify(row), row])).values()];
}
