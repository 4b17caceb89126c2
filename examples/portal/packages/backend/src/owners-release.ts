import { createBackendModule } from '@backstage/backend-plugin-api';
import { AuthorizeResult, type PolicyDecision } from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { createPortal } from './create-portal';

/** The example portal, where only a model's owners may roll it back or promote it. */
const backend = createPortal();

/** As a rule of the catalog, asked for each model. */
const OWNERS_ONLY: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: {
    resourceType: 'catalog-entity',
    rule: 'IS_ENTITY_OWNER',
    params: { claims: ['group:default/guests'] },
  },
};

backend.add(
  createBackendModule({
    pluginId: 'permission',
    moduleId: 'owners-release',
    register: env => {
      env.registerInit({
        deps: { policy: policyExtensionPoint },
        init: ({ policy }) => {
          policy.setPolicy({
            handle: ({ permission }) =>
              Promise.resolve(
                permission.name.startsWith('modelpier.release.')
                  ? OWNERS_ONLY
                  : { result: AuthorizeResult.ALLOW },
              ),
          });
          return Promise.resolve();
        },
      });
    },
  }),
);

void backend.start();
