import { formatCount } from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import type { AllocationRules } from '../config/portal-config';
import { allocateCluster } from '../domain/allocate-cluster';
import type { ClusterDetails } from '../domain/cluster-details';
import { createModelMatcher } from '../domain/match-models';
import { writeAllocation } from '../store/allocation-store';
import { readFinders } from '../store/finder-store';
import { writeHistory } from '../store/history-store';
import { writeReleases } from '../store/release-store';
import { writeWorkloads } from '../store/snapshot-store';
import { holdTurn, type Turn } from '../store/turn-store';
import type { Collected } from './collection';
import { type ClusterReader, readCluster } from './read-cluster';
import { refreshFleet } from './refresh-fleet';

export interface ClusterCollection extends Waiting {
  readonly knex: Knex;
  readonly reader: ClusterReader;
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly rules?: AllocationRules | undefined;
  readonly turn: Turn;
  readonly now: number;
}

/** Reads the whole picture first and writes it at once, so that a failure leaves the last good one. */
export async function collectCluster({
  knex,
  reader,
  name,
  namespaces,
  rules = {},
  turn,
  now,
  signal,
}: ClusterCollection): Promise<Collected> {
  const matcher = createModelMatcher(await readFinders(knex));
  const snapshot = await readCluster(reader, { cluster: name, namespaces, matcher, now, signal });
  const observedAt = new Date(now).toISOString();
  const allocation = await allocateCluster(snapshot, { cluster: name, observedAt, namespaces, ...rules });
  const models = await knex.transaction(async trx => {
    await holdTurn(trx, turn);
    const touched = await writeWorkloads(trx, turn.sourceId, snapshot.workloads);
    await writeAllocation(trx, turn.sourceId, allocation);
    if (snapshot.ledgers !== 'forbidden') await writeReleases(trx, turn.sourceId, snapshot.ledgers);
    await writeHistory(trx, turn.sourceId, { snapshot, allocation, now });
    return touched;
  });
  await refreshFleet(knex, models);
  const details: ClusterDetails = {
    nodes: snapshot.nodes === 'forbidden' ? 'forbidden' : 'read',
    ledgers: snapshot.ledgers === 'forbidden' ? 'forbidden' : 'read',
    usage: snapshot.usage.origin,
    namespaces,
  };
  return { state: 'ok', ...summarize(snapshot.skipped), details };
}

const summarize = (skipped: readonly string[]): Pick<Collected, 'message' | 'example'> =>
  skipped.length === 0
    ? { message: null }
    : { message: `${formatCount(skipped.length, 'object')} could not be read`, example: skipped[0] };
