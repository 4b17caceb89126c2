import { formatCount } from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import type { SourceRow } from '../database/rows';
import { readFinders } from '../store/finder-store';
import { writeSnapshot } from '../store/snapshot-store';
import type { ClusterDetails } from '../domain/cluster-details';
import type { Collected } from './collection';
import { createModelMatcher } from '../domain/match-models';
import { type ClusterReader, readCluster } from './read-cluster';

export interface ClusterCollection extends Waiting {
  readonly knex: Knex;
  readonly reader: ClusterReader;
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly now: number;
}

/** Reads the whole picture first and writes it at once, so that a failure leaves the last good one. */
export async function collectCluster({
  knex,
  reader,
  name,
  namespaces,
  now,
  signal,
}: ClusterCollection): Promise<Collected> {
  const matcher = createModelMatcher(await readFinders(knex));
  const snapshot = await readCluster(reader, { cluster: name, namespaces, matcher, now, signal });
  const source = await knex<SourceRow>('sources').where({ kind: 'cluster', name }).first('id');
  // The configuration may have lost the cluster meanwhile; another instance has then removed it.
  if (source !== undefined) await writeSnapshot(knex, source.id, snapshot);
  const details: ClusterDetails = {
    nodes: snapshot.nodes === 'forbidden' ? 'forbidden' : 'read',
    usage: snapshot.usage.origin,
    namespaces,
  };
  return { state: 'ok', message: summarize(snapshot.skipped), details };
}

const summarize = ([first, ...more]: readonly string[]): string | null =>
  first === undefined
    ? null
    : `${formatCount(more.length + 1, 'object')} could not be read, such as ${first}`;
