import type { Placement } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { readDocument } from '../database/values';
import { groupBy } from '../domain/group-by';
import { storedWorkload } from '../domain/stored-workload';
import { placementOf } from './workloads';

interface PlacementRow {
  version_id: number;
  workload_id: number;
  cluster: string;
  namespace: string;
  name: string;
  document: string;
}

/** Where versions run: the digests of running pods against a version's own and those of its images. */
export async function readPlacements(
  knex: Knex,
  versionIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Placement[]>> {
  const digests = knex('versions')
    .join('manifests', 'manifests.id', 'versions.manifest_id')
    .whereIn('versions.id', [...versionIds])
    .select('versions.id as version_id', 'manifests.digest as digest')
    .union(
      knex('version_images')
        .join('manifests', 'manifests.id', 'version_images.manifest_id')
        .whereIn('version_images.version_id', [...versionIds])
        .select('version_images.version_id as version_id', 'manifests.digest as digest'),
    );
  const rows = await knex
    .from(digests.as('wanted'))
    .join('workload_digests', 'workload_digests.digest', 'wanted.digest')
    .join('workloads', 'workloads.id', 'workload_digests.workload_id')
    .join('sources', 'sources.id', 'workloads.source_id')
    .distinct<PlacementRow[]>(
      'wanted.version_id',
      'workloads.id as workload_id',
      'sources.name as cluster',
      'workloads.namespace',
      'workloads.name',
      'workloads.document',
    )
    .orderBy(['cluster', 'workloads.namespace', 'workloads.name']);
  const groups = groupBy(rows, row => row.version_id);
  return new Map([...groups].map(([id, placed]) => [id, placed.map(toPlacement)]));
}

const toPlacement = ({ document }: PlacementRow): Placement =>
  placementOf(readDocument(storedWorkload, document, 'workload').deployment);
