import { type ModelSummary, modelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import type { FleetDocumentRow } from '../database/rows';
import { readDocument } from '../database/values';

/** What a caller may see of each model. */
export interface Sight {
  readonly versions: ReadonlySet<number>;
  readonly deployments: ReadonlySet<number>;
  readonly allocations: ReadonlySet<number>;
}

/** Models as the collectors last composed them, with what the caller may see; in the order of the ids. */
export async function readSummaries(
  knex: Knex,
  modelIds: readonly number[],
  sight: Sight,
): Promise<readonly ModelSummary[]> {
  const rows = await knex<FleetDocumentRow>('fleet_documents').whereIn('model_id', [...modelIds]);
  const documents = new Map(rows.map(row => [row.model_id, row.document]));
  return modelIds.flatMap(id => {
    const document = documents.get(id);
    // Forgotten between the two queries.
    if (document === undefined) return [];
    return [restrict(readDocument(modelSummary, document, 'summary of a model'), id, sight)];
  });
}

function restrict(summary: ModelSummary, id: number, sight: Sight): ModelSummary {
  const hasVersions = sight.versions.has(id);
  const hasDeployments = sight.deployments.has(id);
  const { newest } = summary;
  return {
    ...summary,
    ...(!hasVersions && { versions: 0, reuse: undefined }),
    newest: newest === null || !hasVersions ? null : hasDeployments ? newest : { ...newest, deployedIn: [] },
    ...(!hasDeployments && { deployments: [], health: undefined, replicas: { ready: 0, desired: 0 } }),
    ...(!sight.allocations.has(id) && { allocation: undefined }),
  };
}
