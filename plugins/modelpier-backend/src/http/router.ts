import type { LoggerService } from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import { Router } from 'express';
import { openApiDocument } from '../schema/openapi';
import type { RouteContext } from './context';
import { addFleetRoutes } from './fleet-routes';
import { addModelRoutes } from './model-routes';
import { createProblemHandler } from './problem';

/** `/v1/...` as the OpenAPI document describes it, and the document itself at `/openapi.json`. */
export function createRouter(context: RouteContext & { readonly logger: LoggerService }): Router {
  const router = Router();
  // Has no route of its own but the document: a request that fits it goes on to ours.
  router.use(createValidatedOpenApiRouter(openApiDocument));
  addFleetRoutes(router, context);
  addModelRoutes(router, context);
  router.use(createProblemHandler(context.logger));
  return router;
}
