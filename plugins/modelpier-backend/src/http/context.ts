import type { AuditorService, SchedulerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { Source } from '@modelpier/backstage-plugin-modelpier-common';
import type { Request, RequestHandler } from 'express';
import type { Knex } from 'knex';
import type { WorkflowStarter } from '../dispatch/github-workflows';
import type { WorkflowRules } from '../domain/workflow-reference';
import type { KnownModel } from '../read/model';
import { readModelSources } from '../read/sources';
import type { Access } from './access';

/** What the routes need. */
export interface RouteContext {
  readonly knex: Knex;
  readonly access: Access;
  readonly auditor: AuditorService;
  /** Starts workflows, of these repositories. */
  readonly workflows: WorkflowStarter & WorkflowRules;
  readonly scheduler: Pick<SchedulerService, 'triggerTask'>;
  /** A source not read for so long is stale. */
  readonly staleAfterMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A route that answers JSON; its errors go to the problem handler. */
export const answering =
  <T>(respond: (request: Request) => Promise<T>, status = 200): RequestHandler =>
  (request, response, next) => {
    respond(request)
      .then(body => {
        // For this caller alone, and asked for again each time: who has the same still gets 304.
        response.set('cache-control', 'private, no-cache').vary('authorization');
        response.status(status).json(body);
      })
      .catch(next);
  };

export const freshnessOf = ({ now, staleAfterMs }: RouteContext) => ({ now: now(), staleAfterMs });

/** The registries of the model and every cluster. */
export const sourcesOf = (context: RouteContext, model: KnownModel): Promise<readonly Source[]> =>
  readModelSources(context.knex, model.repositories, freshnessOf(context));

interface Audited {
  readonly eventId: string;
  /** Reads are many; what changes something is to be found among them. */
  readonly severityLevel?: 'low' | 'medium';
  readonly meta?: JsonObject;
}

/** Records who asked for what, and whether it was given. */
export async function audited<T>(
  { auditor }: Pick<RouteContext, 'auditor'>,
  request: Request,
  { eventId, severityLevel = 'low', meta = {} }: Audited,
  act: () => Promise<T>,
): Promise<T> {
  const event = await auditor.createEvent({
    eventId,
    request,
    severityLevel,
    meta: { model: request.params, ...meta },
  });
  try {
    const result = await act();
    await event.success();
    return result;
  } catch (error) {
    await event.fail({ error: error instanceof Error ? error : new Error(String(error)) });
    throw error;
  }
}
