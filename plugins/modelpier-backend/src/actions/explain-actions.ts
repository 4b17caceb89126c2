import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import {
  allocationReadPermission,
  fleetReadPermission,
  versionReadPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import { explainAllocation, explainReuse } from '../domain/explain-formulas';
import type { RouteContext } from '../http/context';
import { readModelAllocation } from '../read/allocation';
import { readModelReuse } from '../read/reuse';
import { answerAction, MODEL, READ_ONLY, visitByName } from './act-for-caller';

export function registerAllocation(registry: ActionsRegistryService, context: RouteContext): void {
  registry.register({
    name: 'explain-model-allocation',
    title: 'Explain the resources of a model',
    description:
      'Explains what one ML model requests and uses of CPU, memory and accelerators against its fair share R = T / N, with the numbers of each cluster, node pool or namespace.',
    visibilityPermission: fleetReadPermission,
    attributes: READ_ONLY,
    schema: {
      input: zod => zod.object({ model: zod.string().max(255).describe(MODEL) }),
      output: zod =>
        zod.object({
          scopes: zod.array(
            zod.object({ place: zod.string(), observedAt: zod.string(), resources: zod.array(zod.string()) }),
          ),
        }),
    },
    action: ({ input: { model }, credentials }) =>
      answerAction(async () => {
        const permission = allocationReadPermission;
        const visit = await visitByName(context, credentials, { model, permission });
        const { scopes } = await readModelAllocation(context.knex, visit.model.id, context.now());
        return { scopes: scopes.map(explainAllocation) };
      }),
  });
}

export function registerReuse(registry: ActionsRegistryService, context: RouteContext): void {
  registry.register({
    name: 'explain-model-reuse',
    title: 'Explain the layer reuse of a model',
    description:
      'Explains how many bytes the newest version of one ML model shares with the version before, and all its versions with each other: R = 1 - (S1 + ... + SN) / S0 with the numbers.',
    visibilityPermission: fleetReadPermission,
    attributes: READ_ONLY,
    schema: {
      input: zod => zod.object({ model: zod.string().max(255).describe(MODEL) }),
      output: zod => zod.object({ newest: zod.array(zod.string()), allVersions: zod.string() }),
    },
    action: ({ input: { model }, credentials }) =>
      answerAction(async () => {
        const permission = versionReadPermission;
        const visit = await visitByName(context, credentials, { model, permission });
        const { releases, fleet } = await readModelReuse(context.knex, visit.model.id);
        return {
          newest: releases.map(
            ({ version, digest, platform, reuse }) =>
              `${version ?? digest} (${platform}): ${explainReuse(reuse)}`,
          ),
          allVersions: explainReuse(fleet),
        };
      }),
  });
}
