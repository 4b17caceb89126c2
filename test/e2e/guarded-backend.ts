import { createBackend } from '@backstage/backend-defaults';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { AuthorizeResult, type PolicyDecision } from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';

/** The example portal, where only owners of a model may roll it back or promote it. */
const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@modelpier/backstage-plugin-modelpier-backend'));

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
