import type { Entity } from '@backstage/catalog-model';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  type ModelAnswer,
  ModelpierError,
  PROMOTE_WORKFLOW_ANNOTATION,
  ROLLBACK_WORKFLOW_ANNOTATION,
  type Way,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  releasePromotePermission,
  releaseRollbackPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import { readWorkflow } from '../domain/workflow-reference';
import type { Visit } from './access';
import type { RouteContext } from './context';

/** What the caller can start for a model, and why not. */
export async function readWays(
  { entity, may }: Visit,
  { workflows }: RouteContext,
): Promise<NonNullable<ModelAnswer['ways']>> {
  const wayOf = async (permission: ResourcePermission, annotation: string): Promise<Way> => {
    if (!(await may(permission)))
      return { workflow: null, reason: `${permission.name} is denied`, isDenied: true };
    return describeWay(entity, annotation, workflows);
  };
  return {
    rollback: await wayOf(releaseRollbackPermission, ROLLBACK_WORKFLOW_ANNOTATION),
    promote: await wayOf(releasePromotePermission, PROMOTE_WORKFLOW_ANNOTATION),
  };
}

function describeWay(entity: Entity, annotation: string, rules: RouteContext['workflows']): Way {
  try {
    const { owner, repository, workflow, ref } = readWorkflow(entity, annotation, rules);
    return { workflow, reason: null, repository: `${owner}/${repository}`, ref };
  } catch (error) {
    if (!(error instanceof ModelpierError)) throw error;
    const { message, hint } = error;
    return { workflow: null, reason: message, ...(hint !== undefined && { hint }) };
  }
}
