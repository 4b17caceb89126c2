import { GPU, type ModelSummary, parseQuantity, STATES } from '@modelpier/backstage-plugin-modelpier-common';
import type { FleetRow } from '../database/rows';

/** Stands for what is not known: it sorts before everything that is. */
export const UNKNOWN = -1;
const NANO_PER_MILLI = 1_000_000n;
const NANO_PER_BYTE = 1_000_000_000n;

/** What lists are filtered and sorted by, out of what they show. */
export function toFleetRow(modelId: number, entityRef: string, summary: ModelSummary): FleetRow {
  const { entity, title, owner, deployments, health, replicas } = summary;
  const places = deployments.map(({ placement }) => `${placement.cluster}/${placement.namespace}`).toSorted();
  return {
    model_id: modelId,
    entity_ref: entityRef,
    search: `${entity.name} ${title ?? ''}`.toLowerCase(),
    name: entity.name,
    owner: owner ?? '',
    place: (places[0] ?? '').slice(0, 255),
    versions: summary.versions,
    health: health === undefined ? UNKNOWN : STATES.indexOf(health),
    ready: 0,
    desired: 0,
    ...replicas,
    drift: deployments.some(({ drift }) => drift) ? 1 : 0,
    ...toSizes(summary),
    ...toAmounts(summary),
  };
}

const toSizes = ({ newest }: ModelSummary) => ({
  newest_at: newest?.firstSeenAt ?? '',
  image_bytes: newest?.sizeBytes ?? UNKNOWN,
  reuse_ratio: newest?.reuseRatio ?? UNKNOWN,
});

function toAmounts({ allocation }: ModelSummary) {
  const find = (name: string) => allocation?.resources.find(({ resource }) => resource === name);
  const requested = (name: string, unit: bigint): number => {
    const amount = find(name)?.requested;
    return amount === undefined ? UNKNOWN : Number(parseQuantity(amount).nano / unit);
  };
  return {
    cpu_requested: requested('cpu', NANO_PER_MILLI),
    cpu_share: find('cpu')?.share ?? UNKNOWN,
    memory_requested: requested('memory', NANO_PER_BYTE),
    memory_share: find('memory')?.share ?? UNKNOWN,
    gpu_requested: requested(GPU, NANO_PER_MILLI),
    gpu_share: find(GPU)?.share ?? UNKNOWN,
  };
}
