import {
  type ModelSort,
  type ModelSortName,
  type State,
  STATES,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { FleetRow, Wide } from '../database/rows';
import { wideNumber } from '../database/values';
import { type Cursor, parseCursor, type SortKind, writeCursor } from './cursor';
import {
  FLEET_PARTS,
  type FleetPart,
  type FleetSight,
  isOneOf,
  type Models,
  partOf,
  selectFleet,
} from './visible-fleet';

/** The column of each sort. */
const SORT_COLUMNS = {
  name: 'name',
  owner: 'owner',
  newest: 'newest_at',
  place: 'place',
  versions: 'versions',
  health: 'health',
  replicas: 'ready',
  size: 'image_bytes',
  reuse: 'reuse_ratio',
  cpu: 'cpu_requested',
  cpuShare: 'cpu_share',
  memory: 'memory_requested',
  memoryShare: 'memory_share',
  gpu: 'gpu_requested',
  gpuShare: 'gpu_share',
} as const satisfies Readonly<Record<ModelSortName, keyof FleetRow>>;

/** Which models are asked for; what is left out narrows nothing. */
export interface ModelsQuestion {
  /** Part of the name or the title, in any case. */
  readonly text?: string | undefined;
  readonly owner?: string | undefined;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly environment?: string | undefined;
  readonly health?: State | undefined;
  readonly drift?: boolean | undefined;
}

/** Which models, and who asks. */
export interface ModelsFilter extends ModelsQuestion {
  /** Those that the caller may see. */
  readonly visible: Models;
  readonly sight: FleetSight;
}

/** What an answer in this order is made of, though it may not show it. */
export function partsOf(sort: ModelSort, asked: ModelsQuestion): readonly FleetPart[] {
  const { cluster, namespace, environment, health, drift } = asked;
  const isPlaced = [cluster, namespace, environment, health, drift].some(value => value !== undefined);
  const sorted = partOf(columnOf(sort));
  return FLEET_PARTS.filter(part => part === sorted || (part === 'deployments' && isPlaced));
}

export interface ModelsQuery extends ModelsFilter {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly sort: ModelSort;
}

export type ListedModel = Pick<FleetRow, 'entity_ref'> & { readonly id: number };

/** One page over all rows that the caller may see: the database filters, sorts, counts and cuts. */
export async function readModelsPage(
  knex: Knex,
  { limit, cursor, sort, ...filter }: ModelsQuery,
): Promise<{ items: readonly ListedModel[]; nextCursor: string | null; total: number }> {
  const isDescending = sort.startsWith('-');
  const column = columnOf(sort);
  const order = isDescending ? 'desc' : 'asc';
  const query = selectModels(knex, filter)
    .orderBy([
      { column, order },
      { column: 'entity_ref', order },
    ])
    .limit(limit + 1)
    .select<(ListedModel & { value: string | number })[]>('model_id as id', 'entity_ref', { value: column });
  if (cursor !== undefined)
    void query.where(isBeyond(knex, parseCursor(cursor, [kindOf(column), 'text']), { column, isDescending }));
  const rows = await query;
  const [total] = await selectModels(knex, filter).count<{ count: Wide }[]>({ count: '*' });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ id, entity_ref }) => ({ id, entity_ref })),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor([last.value, last.entity_ref]) : null,
    total: wideNumber(total?.count ?? 0),
  };
}

const columnOf = (sort: ModelSort) => SORT_COLUMNS[sort.replace('-', '') as ModelSortName];

/** Columns of text; all others are numbers. */
const TEXTS: readonly string[] = ['name', 'owner', 'newest_at', 'place'];
const kindOf = (column: string): SortKind => (TEXTS.includes(column) ? 'text' : 'number');

export function selectModels(knex: Knex, filter: ModelsFilter): Knex.QueryBuilder {
  const { text, owner, health, drift, visible, sight } = filter;
  const query = selectFleet(knex, sight);
  if (text !== undefined) void query.where(contains(knex, text));
  if (owner !== undefined) void query.where({ owner });
  if (health !== undefined) void query.where({ health: STATES.indexOf(health) });
  if (drift !== undefined) void query.where({ drift: drift ? 1 : 0 });
  const places = selectPlaces(knex, filter);
  if (places !== undefined) void query.whereIn('model_id', places).where(isOneOf(knex, sight.deployments));
  if (visible !== 'all') void query.where(isOneOf(knex, visible));
  return query;
}

/** The models that run in a place; `undefined` where any will do. */
function selectPlaces(
  knex: Knex,
  { cluster, namespace, environment }: ModelsFilter,
): Knex.QueryBuilder | undefined {
  if (cluster === undefined && namespace === undefined && environment === undefined) return undefined;
  const query: Knex.QueryBuilder = knex('model_places').select('model_places.model_id');
  if (cluster !== undefined) {
    const ids = knex('sources').where({ kind: 'cluster', name: cluster }).select('id');
    void query.whereIn('source_id', ids);
  }
  if (namespace !== undefined) void query.where({ namespace });
  if (environment !== undefined) void query.where({ environment });
  return query;
}

/** LIKE with every character of the text meant as written. */
const contains = (knex: Knex, text: string): Knex.Raw =>
  knex.raw(String.raw`search like ? escape '\'`, [`%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`]);

/** Rows behind the cursor, as a comparison of rows: both databases take it from the index. */
const isBeyond = (
  knex: Knex,
  [value = '', ref = '']: Cursor,
  { column, isDescending }: { column: string; isDescending: boolean },
): Knex.Raw => knex.raw(`(??, entity_ref) ${isDescending ? '<' : '>'} (?, ?)`, [column, value, ref]);
