import type { ModelsChoices } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { type ModelsFilter, selectModels } from './models-page';
import { isOneOf } from './visible-fleet';

/** A list to choose from that is longer is none; its filter takes any value all the same. */
const MOST_CHOICES = 500;

/** What the caller can filter by, whatever is filtered by now; in the order of the alphabet. */
export async function readModelsChoices(
  knex: Knex,
  { visible, sight }: Pick<ModelsFilter, 'visible' | 'sight'>,
): Promise<ModelsChoices> {
  const models = selectModels(knex, { visible, sight });
  const places = knex('model_places');
  if (visible !== 'all' || sight.deployments !== 'all') {
    const seen = models.clone().where(isOneOf(knex, sight.deployments)).select('model_id');
    void places.whereIn('model_id', seen);
  }
  return {
    owners: await distinct(models, 'owner'),
    environments: await distinct(places, 'environment'),
  };
}

/** Without the empty text, which stands for none. */
async function distinct(query: Knex.QueryBuilder, column: string): Promise<string[]> {
  const rows = await query
    .whereNot(column, '')
    .distinct<{ value: string }[]>({ value: column })
    .orderBy('value')
    .limit(MOST_CHOICES);
  return rows.map(({ value }) => value);
}
