import { join } from 'node:path';
import { startBrowser } from '../../e2e/browser';
import { startFleetPortal } from '../../fleet/fleet-portal';
import { FULL_SIZE, planFleet } from '../../fleet/fleet-plan';
import type { Figure, Unit } from '../figure';
import { sqliteFleets } from '../portal/fleet-database';
import { type Visit, visit } from '../page/visit';
import type { Suite } from '../suite';

const SEED = 1;
/** Of the models with most versions: their pages are the dearest. */
const VISITED = 20;

const LIMITS: readonly (readonly [measured: keyof Visit, name: string, limit: number, unit: Unit])[] = [
  ['fleetMs', 'fleet page, usable after a click', 1_500, 'milliseconds'],
  ['fleetRequests', 'fleet page, requests to the plugin', 3, 'count'],
  ['fleetBytes', 'fleet page, our own code as gzip', 120_000, 'bytes'],
  ['modelMs', 'model page, usable after a click', 1_000, 'milliseconds'],
  ['modelRequests', 'model page, requests to the plugin', 3, 'count'],
  ['modelBytes', 'model page, our own code as gzip', 120_000, 'bytes'],
  ['longestTaskMs', 'longest task while scrolling 5,000 rows', 100, 'milliseconds'],
  ['shift', 'layout shift on refresh', 0, 'count'],
];

export const suite: Suite = {
  summary: 'the pages in a browser, as people build them, over a fleet of 5,000 models',
  run: async ({ runs, folder, signal, tell }) => {
    tell(`generating ${FULL_SIZE.models} models`);
    const database = await sqliteFleets({ folder: join(folder, 'databases'), seed: SEED, tell }).create(
      FULL_SIZE,
    );
    const entities = planFleet(FULL_SIZE, SEED)
      .toSorted((a, b) => b.versions - a.versions)
      .slice(0, VISITED);
    const portal = await startFleetPortal({ folder, size: FULL_SIZE, entities, database, signal });
    const browser = await startBrowser();
    try {
      const visits: Visit[] = [];
      // The first one is not counted: the backend reads its tables for the first time.
      for (let run = 0; run <= runs; run += 1) {
        signal.throwIfAborted();
        const { name = '' } = entities[run % entities.length] ?? {};
        visits.push(await visit(browser, portal.url, name));
        tell(`visit ${run} of ${runs}`);
      }
      return LIMITS.map(([measured, name, limit, unit]): Figure => ({
        kind: 'value',
        name,
        limit,
        ours: { unit, values: visits.slice(1).map(each => each[measured]) },
      }));
    } finally {
      await browser.close();
      await portal.close();
    }
  },
};
