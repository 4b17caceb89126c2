import type { LoggerService } from '@backstage/backend-plugin-api';
import { createValidatedOpenApiRouter, getOpenApiSpecRoute } from '@backstage/backend-openapi-utils';
import { Router } from 'express';
import { openApiDocument } from '../schema/openapi';
import type { RouteContext } from './context';
import { addDispatchRoutes } from './dispatch-routes';
import { addFleetRoutes } from './fleet-routes';
import { addModelRoutes } from './model-routes';
import { createProblemHandler } from './problem';
import { addReleaseRoutes } from './release-routes';

/** `/v1/...` as the OpenAPI document describes it, and the document itself at the helper's own path. */
export function createRouter(context: RouteContext & { readonly logger: LoggerService }): Router {
  const router = Router();
  // Before the helper's own answer, which calls every document 3.0.3.
  router.get(getOpenApiSpecRoute(''), (request, response) => {
    response.json({ ...openApiDocument, servers: [{ url: request.baseUrl }] });
  });
  // Has no other route of its own: a request that fits the document goes on to ours.
  router.use(createValidatedOpenApiRouter(openApiDocument));
  addFleetRoutes(router, context);
  addModelRoutes(router, context);
  addReleaseRoutes(router, context);
  addDispatchRoutes(router, context);
  router.use(createProblemHandler(context.logger));
  return router;
}
