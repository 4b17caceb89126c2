import type { JsonObject } from '@backstage/types';
import {
  type DispatchAnswer,
  parseWith,
  PROMOTE_WORKFLOW_ANNOTATION,
  promoteRequest,
  ROLLBACK_WORKFLOW_ANNOTATION,
  rollbackRequest,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  releasePromotePermission,
  releaseRollbackPermission,
} from '@modelpier/backstage-plugin-modelpier-common/permissions';
import type { Request, Router } from 'express';
import { isUncertain, type StartedRun } from '../dispatch/github-workflows';
import type { KnownModel } from '../read/model';
import { beginOnce } from '../store/dispatch-store';
import { findVersion } from '../read/version-rows';
import { readWorkflow, type WorkflowReference } from '../domain/workflow-reference';
import { answering, audited, type RouteContext } from './context';
import { MODEL, noVersion } from './model-routes';

/** Routes that start a workflow of the model's repository; the portal itself never writes to a cluster. */
export function addDispatchRoutes(router: Router, context: RouteContext): void {
  router.post(
    `${MODEL}/rollback`,
    answering(
      request =>
        audited(context, request, toAudit('release-rollback', request), () => rollBack(request, context)),
      202,
    ),
  );
  router.post(
    `${MODEL}/promote`,
    answering(
      request =>
        audited(context, request, toAudit('release-promote', request), () => promote(request, context)),
      202,
    ),
  );
}

/** The document has checked the body: it holds a few words. */
const toAudit = (eventId: string, { body }: Request) =>
  ({ eventId, severityLevel: 'medium', meta: { asked: body as JsonObject } }) as const;

async function rollBack(request: Request, context: RouteContext): Promise<DispatchAnswer> {
  const { entity, model } = await context.access.enterModel(request, releaseRollbackPermission);
  const { environment, version, requestId } = parseWith(rollbackRequest, request.body, 'request');
  return await start(context, {
    model,
    requestId,
    workflow: readWorkflow(entity, ROLLBACK_WORKFLOW_ANNOTATION, context.workflows),
    inputs: { environment, ...(version !== undefined && { version }) },
  });
}

async function promote(request: Request, context: RouteContext): Promise<DispatchAnswer> {
  const { entity, model } = await context.access.enterModel(request, releasePromotePermission);
  const { environment, digest, requestId } = parseWith(promoteRequest, request.body, 'request');
  const workflow = readWorkflow(entity, PROMOTE_WORKFLOW_ANNOTATION, context.workflows);
  // Only what the model has: else this would deploy any image there is.
  const found = await findVersion(context.knex, model.id, digest);
  if (found === undefined) throw noVersion(model.entityRef, digest);
  const image = `${found.repository}@${found.digest}`;
  return await start(context, { model, requestId, workflow, inputs: { environment, image } });
}

interface Start {
  readonly model: KnownModel;
  /** Without one, each request starts a run. */
  readonly requestId: string | undefined;
  readonly workflow: WorkflowReference;
  readonly inputs: Readonly<Record<string, string>>;
}

async function start(
  { knex, now, workflows }: RouteContext,
  { model, requestId, workflow, inputs }: Start,
): Promise<DispatchAnswer> {
  const begin = async () => answerOf(workflow, await workflows.start(workflow, inputs));
  if (requestId === undefined) return await begin();
  const asked = JSON.stringify({ workflow, inputs });
  return await beginOnce(knex, { modelId: model.id, requestId, asked, now: now() }, { begin, isUncertain });
}

function answerOf(workflow: WorkflowReference, { runId }: StartedRun): DispatchAnswer {
  const { host, owner, repository, workflow: file, ref } = workflow;
  const actions = `https://${host}/${owner}/${repository}/actions`;
  return {
    repository: `${owner}/${repository}`,
    workflow: file,
    ref,
    runsUrl: `${actions}/workflows/${encodeURIComponent(file)}`,
    ...(runId !== undefined && { runUrl: `${actions}/runs/${runId}` }),
  };
}
