import { hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { openDatabase } from '../../../../test/portal/database';
import { modelEntity } from '../../../../test/portal/portal';
import { migrate } from '../database/migrate';
import { readModelEntity } from '../domain/model-entity';
import { beginOnce } from './dispatch-store';
import { writeModels } from './model-store';

const NOW = Date.parse('2026-09-01T10:00:00Z');
const ANSWER = {
  repository: 'acme/mnist',
  workflow: 'rollback.yml',
  ref: 'main',
  runsUrl: 'https://github.com/acme/mnist/actions/workflows/rollback.yml',
};

let knex: Knex;

beforeEach(async () => {
  knex = await openDatabase();
  await migrate(knex);
});
afterEach(() => knex.destroy());

it('answers what was started also where the answer cannot be kept, and does not begin it again', async () => {
  const [modelId = 0] = await writeModels(knex, [readModelEntity(modelEntity('mnist'), new Set())], NOW);
  const intention = { modelId, requestId: 'intention-1', asked: '{}', now: NOW };
  const isUncertain = () => false;
  const begin = jest.fn(async () => {
    await knex.schema.renameTable('dispatches', 'dispatches_away');
    return ANSWER;
  });
  expect(await beginOnce(knex, intention, { begin, isUncertain })).toEqual(ANSWER);
  await knex.schema.renameTable('dispatches_away', 'dispatches');
  const again = await beginOnce(knex, intention, { begin, isUncertain }).catch((error: unknown) => error);
  expect(hasCode(again, 'timeout')).toBe(true);
  expect(begin).toHaveBeenCalledTimes(1);
});
