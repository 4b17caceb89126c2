import {
  type Evidence,
  freeOn,
  nanoOf,
  type NodeEvidence,
  nodeEvidenceOf,
  parsePod,
  type PodEvidence,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Source } from './source';

const MOST_NODES = 10;

/** The nodes that the pods are on; of all nodes those with most room, where a pod finds none. */
export async function captureNodes(pods: readonly PodEvidence[], source: Source): Promise<Evidence['nodes']> {
  const homeless = pods.find(({ node }) => node === undefined);
  return homeless === undefined ? nodesOf(pods, source) : roomiest(homeless, source);
}

/** The right to nodes is not everybody's, and without it these tell little less: no gap is told. */
async function nodesOf(pods: readonly PodEvidence[], source: Source): Promise<Evidence['nodes']> {
  const names = [...new Set(pods.flatMap(({ node }) => node ?? []))];
  const found = await Promise.all(
    names.map(name =>
      source.list({ apiVersion: 'v1', kind: 'Node', fieldSelector: `metadata.name=${name}` }).catch(() => []),
    ),
  );
  return found.flat().map(node => nodeEvidenceOf(node, undefined));
}

async function roomiest({ requests }: PodEvidence, source: Source): Promise<Evidence['nodes']> {
  const [nodes = [], pods] = await Promise.all([
    source.attempt('nodes', () => source.list({ apiVersion: 'v1', kind: 'Node' })),
    source.attempt('pods of all namespaces', () => source.list({ apiVersion: 'v1', kind: 'Pod' })),
  ]);
  const placed = pods?.map(parsePod);
  const all = nodes.map(node => nodeEvidenceOf(node, placed));
  const best = Object.keys(requests).flatMap(resource => [
    most(all, node => nanoOf(node.allocatable[resource])),
    most(all, node => freeOn(node, resource) ?? 0n),
  ]);
  return [...new Set([...best.flatMap(node => node ?? []), ...all])].slice(0, MOST_NODES);
}

const most = (nodes: readonly NodeEvidence[], of: (node: NodeEvidence) => bigint): NodeEvidence | undefined =>
  nodes.reduce<NodeEvidence | undefined>(
    (best, node) => (best === undefined || of(node) > of(best) ? node : best),
    undefined,
  );
