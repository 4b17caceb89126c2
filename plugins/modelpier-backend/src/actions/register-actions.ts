import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { RouteContext } from '../http/context';
import { registerAllocation, registerReuse } from './explain-actions';
import { registerDeployments, registerModels, registerVersions } from './list-actions';

/** What assistants may ask, over MCP too; each answer holds what its caller may see, as the pages do. */
export function registerActions(registry: ActionsRegistryService, context: RouteContext): void {
  registerModels(registry, context);
  registerVersions(registry, context);
  registerDeployments(registry, context);
  registerAllocation(registry, context);
  registerReuse(registry, context);
}
