import type { Placement } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { groupBy } from '../domain/group-by';

interface PlacementRow {
  version_id: number;
  cluster: string;
  api_version: string;
  kind: string;
  namespace: string;
  name: string;
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
      'sources.name as cluster',
      'workloads.api_version',
      'workloads.kind',
      'workloads.namespace',
      'workloads.name',
    )
    .orderBy(['cluster', 'workloads.namespace', 'workloads.name']);
  const groups = groupBy(rows, row => row.version_id);
  return new Map([...groups].map(([id, placed]) => [id, placed.map(toPlacement)]));
}

const toPlacement = ({ cluster, api_version, kind, namespace, name }: PlacementRow): Placement => ({
  cluster,
  namespace,
  workload: { apiVersion: api_version, kind, namespace, name },
});
