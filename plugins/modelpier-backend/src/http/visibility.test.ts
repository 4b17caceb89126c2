import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult, type PolicyDecision } from '@backstage/plugin-permission-common';
import { modelEntity } from '../../../../test/portal/portal';
import { createVisibility } from './visibility';

const BY_RULE: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: { resourceType: 'catalog-entity', rule: 'IS_ENTITY_OWNER', params: {} },
};

function ask(decision: PolicyDecision) {
  let now = 1_000_000;
  const catalog = catalogServiceMock({ entities: [modelEntity('mnist')] });
  const listed = jest.spyOn(catalog, 'streamEntities');
  const permissions = mockServices.permissions.mock({
    authorizeConditional: () => Promise.resolve([decision]),
  });
  const visible = createVisibility({ permissions, catalog, entityTypes: ['ml-model'], now: () => now });
  return {
    listed,
    visible: (user = 'user:default/anna') => visible(mockCredentials.user(user)),
    wait: (ms: number) => {
      now += ms;
    },
  };
}

it('lists nothing where no rule decides', async () => {
  const { visible, listed } = ask({ result: AuthorizeResult.ALLOW });
  expect(await visible()).toBe('all');
  const denied = ask({ result: AuthorizeResult.DENY });
  expect(await denied.visible()).toEqual(new Set());
  expect([...listed.mock.calls, ...denied.listed.mock.calls]).toEqual([]);
});

it('lists the models of a caller once for all pages, and again half a minute later', async () => {
  const { visible, listed, wait } = ask(BY_RULE);
  expect(await visible()).toEqual(new Set(['component:default/mnist']));
  await Promise.all([visible(), visible()]);
  expect(listed).toHaveBeenCalledTimes(1);
  await visible('user:default/otto');
  expect(listed).toHaveBeenCalledTimes(2);
  wait(30_000);
  await visible();
  expect(listed).toHaveBeenCalledTimes(3);
});

it('asks a catalog that failed again', async () => {
  const { visible, listed } = ask(BY_RULE);
  listed.mockImplementationOnce(() => {
    throw new Error('the catalog is away');
  });
  await expect(visible()).rejects.toThrow('the catalog is away');
  expect(await visible()).toHaveProperty('size', 1);
});
