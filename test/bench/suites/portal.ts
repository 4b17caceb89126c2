import { join } from 'node:path';
import type { Suite } from '../suite';
import { measureCollection } from '../portal/measure-collection';
import { postgresFleets, sqliteFleets } from '../portal/fleet-database';
import { measureReads } from '../portal/measure-reads';

const SEED = 1;
/** A run asks for hundreds of pages: a third one tells nothing new. */
const MOST_RUNS = 2;

export const suite: Suite = {
  summary: 'a fleet of 5,000 models: pages on SQLite and PostgreSQL, and what collecting costs',
  run: async ({ runs, folder, signal, tell }) => {
    const options = { folder: join(folder, 'databases'), seed: SEED, tell };
    const reads = { seed: SEED, runs: Math.min(runs, MOST_RUNS), signal, tell };
    const sqlite = await measureReads({ ...reads, databases: sqliteFleets(options) });
    const databases = await postgresFleets(options);
    try {
      const postgres = await measureReads({ ...reads, databases });
      return [...sqlite, ...postgres, ...(await measureCollection({ folder, seed: SEED, signal, tell }))];
    } finally {
      await databases.close();
    }
  },
};
