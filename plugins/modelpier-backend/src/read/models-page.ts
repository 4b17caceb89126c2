import type { Knex } from 'knex';
import type { ModelRow } from '../database/rows';
import { parseCursor, writeCursor } from './cursor';
import { type KnownModel, withRepositories } from './model';

export const MODEL_SORTS = ['name', '-name', 'owner', '-owner'] as const;
export type ModelSort = (typeof MODEL_SORTS)[number];

export interface ModelsQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Part of the name or the title, in any case. */
  readonly text: string | undefined;
  readonly owner: string | undefined;
  readonly sort: ModelSort;
  /** Entity references that the caller may see. */
  readonly visible: ReadonlySet<string>;
}

/** One page over all rows that the caller may see, so that filter, sort and total never lie. */
export async function readModelsPage(
  knex: Knex,
  { limit, cursor, text, owner, sort, visible }: ModelsQuery,
): Promise<{ items: readonly KnownModel[]; nextCursor: string | null; total: number }> {
  const column = sort.endsWith('owner') ? 'owner' : 'name';
  const order = sort.startsWith('-') ? 'desc' : 'asc';
  const query = knex<ModelRow>('models').orderBy([
    { column, order },
    { column: 'entity_ref', order },
  ]);
  if (owner !== undefined) void query.where({ owner });
  if (text !== undefined) void query.where(matching(knex, text));
  const rows = (await query).filter(row => visible.has(row.entity_ref));
  const start = cursor === undefined ? 0 : placeAfter(rows, cursor);
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  return {
    items: await withRepositories(knex, page),
    nextCursor: start + limit < rows.length && last !== undefined ? writeCursor([last.entity_ref]) : null,
    total: rows.length,
  };
}

/** LIKE with every character of the text meant as written. */
const matching = (knex: Knex, text: string): Knex.Raw => {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return knex.raw(
    String.raw`(lower(name) like ? escape '\' or lower(coalesce(title, '')) like ? escape '\')`,
    [pattern, pattern],
  );
};

/** Where the page after the cursor's row begins; at the first page where that row has gone. */
function placeAfter(rows: readonly ModelRow[], cursor: string): number {
  const [entityRef] = parseCursor(cursor, 1);
  return rows.findIndex(row => row.entity_ref === entityRef) + 1;
}
