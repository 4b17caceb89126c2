import type { Source, SourceState } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { RepositoryRow, SourceRow } from '../database/rows';
import { readSources, sourceId } from '../store/source-store';

/** When rows are too old to be called current; both in milliseconds. */
export interface Freshness {
  readonly now: number;
  readonly staleAfterMs: number;
}

export async function readAllSources(knex: Knex, freshness: Freshness): Promise<readonly Source[]> {
  const rows = await readSources(knex);
  return rows.map(row => toSource(row, freshness));
}

/** Every cluster: one that is silent may run anything. */
export async function readClusterSources(knex: Knex, freshness: Freshness): Promise<readonly Source[]> {
  const sources = await readAllSources(knex, freshness);
  return sources.filter(({ kind }) => kind === 'cluster');
}

/** The registries of these repositories, each with the worst that was heard of one of them. */
export async function readRegistrySources(
  knex: Knex,
  repositories: readonly RepositoryRow[],
  freshness: Freshness,
): Promise<readonly Source[]> {
  const rows = (await readSources(knex)).filter(({ kind }) => kind === 'registry');
  return rows.flatMap(row => {
    const own = repositories.filter(({ registry }) => registry === row.name);
    return own.length === 0 ? [] : [toSource(withRepositories(row, own), freshness)];
  });
}

function withRepositories(row: SourceRow, repositories: readonly RepositoryRow[]): SourceRow {
  const troubled = repositories.find(({ state }) => state !== 'ok' && state !== 'pending');
  const waiting = repositories.find(({ state }) => state === 'pending');
  const oldest = repositories
    .map(({ observed_at: at }) => at)
    .toSorted((a, b) => (a ?? '').localeCompare(b ?? ''));
  const partial = repositories.find(({ message }) => message !== null);
  const told = troubled ?? (row.state === 'ok' ? waiting : undefined) ?? partial ?? repositories[0];
  if (told === undefined) return row;
  const { state, message } = told;
  return { ...row, state, message, observed_at: oldest[0] ?? null };
}

function toSource(row: SourceRow, freshness: Freshness): Source {
  return {
    id: sourceId(row),
    kind: row.kind,
    name: row.name,
    state: currentState(row, freshness),
    observedAt: row.observed_at,
    ...(row.message !== null && { message: row.message }),
  };
}

function currentState(row: SourceRow, { now, staleAfterMs }: Freshness): SourceState {
  if (row.state !== 'ok' || row.observed_at === null) return row.state;
  return now - Date.parse(row.observed_at) > staleAfterMs ? 'stale' : 'ok';
}

/** Every registry and cluster that an answer about a model is made of. */
export async function readModelSources(
  knex: Knex,
  repositories: readonly RepositoryRow[],
  freshness: Freshness,
): Promise<readonly Source[]> {
  return [
    ...(await readRegistrySources(knex, repositories, freshness)),
    ...(await readClusterSources(knex, freshness)),
  ];
}
