import { createUsageReader } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { HistoryRow } from '../database/rows';
import { chunks, readDocument } from '../database/values';
import type { ClusterAllocation } from '../domain/allocate-cluster';
import type { ClusterSnapshot } from '../domain/cluster-snapshot';
import { type ContainerUse, containerUses, joinUses, sampleContainers } from '../domain/container-use';
import { podFinder } from '../domain/pod-finder';
import { joinResources, type ModelSample, sampledResources, sampleModel } from '../domain/sample-model';

const SPANS = ['hour', 'day'] as const;
type Span = (typeof SPANS)[number];
const SPAN_MS: Readonly<Record<Span, number>> = { hour: 60 * 60 * 1000, day: 24 * 60 * 60 * 1000 };

export interface Observation {
  readonly snapshot: ClusterSnapshot;
  readonly allocation: ClusterAllocation;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Sample extends ModelSample {
  readonly containers: readonly ContainerUse[];
}

/** Adds how every model of a cluster stands to the hour and to the day. */
export async function writeHistory(
  trx: Knex,
  sourceId: number,
  { snapshot, allocation, now }: Observation,
): Promise<void> {
  const samples = new Map<number, Sample>();
  const podsOf = podFinder(snapshot.pods);
  const usage = createUsageReader(snapshot.usage.pods);
  for (const [model, scopes] of allocation.models) {
    const own = snapshot.workloads.filter(({ models }) => models.includes(model));
    const stored = own.map(seen => seen.stored);
    const containers = sampleContainers(own.flatMap(podsOf), usage);
    samples.set(model, { ...sampleModel(stored, scopes), containers });
  }
  for (const span of SPANS) await addToSpan(trx, samples, { sourceId, span, now });
}

async function addToSpan(
  trx: Knex,
  samples: ReadonlyMap<number, Sample>,
  { sourceId, span, now }: { sourceId: number; span: Span; now: number },
): Promise<void> {
  const at = new Date(now - (now % SPAN_MS[span])).toISOString();
  for (const part of chunks([...samples])) {
    const ids = part.map(([model]) => model);
    const kept = await trx<HistoryRow>('history')
      .where({ source_id: sourceId, span, at })
      .whereIn('model_id', ids);
    const before = new Map(kept.map(row => [row.model_id, row]));
    const rows = part.map(([model, sample]) => ({
      model_id: model,
      source_id: sourceId,
      span,
      at,
      ...addSample(before.get(model), sample),
      containers: span === 'day' ? addContainers(before.get(model), sample) : null,
    }));
    await trx<HistoryRow>('history').insert(rows).onConflict(['model_id', 'source_id', 'span', 'at']).merge();
  }
}

function addContainers(before: HistoryRow | undefined, { containers }: Sample): string {
  const kept = before?.containers ?? null;
  const old = kept === null ? [] : readDocument(containerUses, kept, 'use of containers');
  return JSON.stringify(joinUses([...old, ...containers]));
}

function addSample(before: HistoryRow | undefined, { desired, ready, resources }: ModelSample) {
  const old = before === undefined ? [] : readDocument(sampledResources, before.resources, 'history');
  return {
    samples: (before?.samples ?? 0) + 1,
    desired,
    ready,
    least_ready: Math.min(before?.least_ready ?? ready, ready),
    resources: JSON.stringify(joinResources(old, resources)),
  };
}
