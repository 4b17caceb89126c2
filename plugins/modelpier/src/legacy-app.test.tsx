import { AlertApiForwarder, AppRouter, createSpecializedApp, FlatRoutes } from '@backstage/core-app-api';
import {
  alertApiRef,
  createApiFactory,
  discoveryApiRef,
  errorApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import {
  CatalogEntityPage,
  CatalogIndexPage,
  catalogPlugin,
  EntityLayout,
  EntitySwitch,
} from '@backstage/plugin-catalog';
import {
  catalogApiRef,
  starredEntitiesApiRef,
  MockStarredEntitiesApi,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { mockApis, MockErrorApi } from '@backstage/test-utils';
import { themes, UnifiedThemeProvider } from '@backstage/theme';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ComponentType, type ReactNode } from 'react';
import { MemoryRouter, Route } from 'react-router-dom';
import { FixtureBackend } from '../dev/fixture-backend';
import { modelFixture, type ModelFixture } from '../dev/fixtures';
import { fleetFixture, type FleetFixture } from '../dev/fleet';
import { modelEntity } from '../dev/model-page';
import { EntityModelCard, EntityModelContent, FleetPage, isModelAvailable, modelpierPlugin } from './legacy';

const now = new Date();
const website = { ...modelEntity, metadata: { name: 'website' } };
const ThemeProvider = ({ children }: { readonly children?: ReactNode }) => (
  <UnifiedThemeProvider theme={themes.light}>{children}</UnifiedThemeProvider>
);
const Nothing: ComponentType = () => null;
const ICONS = [
  ...['api', 'component', 'domain', 'group', 'location', 'system', 'user', 'resource', 'template'].map(
    kind => `kind:${kind}`,
  ),
  ...['brokenImage', 'catalog', 'chat', 'dashboard', 'docs', 'email', 'github', 'group', 'help'],
  ...['scaffolder', 'search', 'techdocs', 'user', 'warning', 'star', 'unstarred'],
];
type Icons = Parameters<typeof createSpecializedApp>[0]['icons'];

const entityPage = (
  <EntityLayout>
    <EntityLayout.Route path="/" title="Overview">
      <EntitySwitch>
        <EntitySwitch.Case if={isModelAvailable}>
          <EntityModelCard />
        </EntitySwitch.Case>
      </EntitySwitch>
    </EntityLayout.Route>
    <EntityLayout.Route path="/model" title="Model" if={isModelAvailable}>
      <EntityModelContent />
    </EntityLayout.Route>
  </EntityLayout>
);

/** An app of the old frontend system as its authors write one, over a backend of fixtures. */
function renderApp(path: string, fixture: ModelFixture | FleetFixture = modelFixture({ now })): void {
  const backend = new FixtureBackend(fixture);
  const app = createSpecializedApp({
    plugins: [catalogPlugin, modelpierPlugin],
    apis: [
      createApiFactory(discoveryApiRef, mockApis.discovery({ baseUrl: 'http://backend.test' })),
      createApiFactory(fetchApiRef, { fetch: backend.fetch }),
      createApiFactory(catalogApiRef, catalogApiMock({ entities: [modelEntity, website] })),
      createApiFactory(starredEntitiesApiRef, new MockStarredEntitiesApi()),
      createApiFactory(permissionApiRef, mockApis.permission()),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the old catalog page asks for it
      createApiFactory(alertApiRef, new AlertApiForwarder()),
      createApiFactory(errorApiRef, new MockErrorApi({ collect: true })),
    ],
    icons: Object.fromEntries(ICONS.map(name => [name, Nothing])) as unknown as Icons,
    themes: [{ id: 'light', title: 'Light', variant: 'light', Provider: ThemeProvider }],
    components: {
      NotFoundErrorPage: () => <>No such page</>,
      BootErrorPage: ({ error }) => <>{error.message}</>,
      Progress: () => <>Loading</>,
      Router: ({ children }) => <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>,
      ErrorBoundaryFallback: ({ error }) => <>{error.message}</>,
    },
    bindRoutes: ({ bind }) =>
      bind(modelpierPlugin.externalRoutes, { viewModel: modelpierPlugin.routes.model }),
  });
  const Root = app.createRoot(
    <AppRouter>
      <FlatRoutes>
        <Route path="/catalog/:namespace/:kind/:name" element={<CatalogEntityPage />}>
          {entityPage}
        </Route>
        <Route path="/catalog" element={<CatalogIndexPage />} />
        <Route path="/models" element={<FleetPage />} />
      </FlatRoutes>
    </AppRouter>,
  );
  render(<Root />);
}

it('has the tab on the entity, deep links included', async () => {
  renderApp('/catalog/default/component/mnist-mlp/model/versions');
  expect(await screen.findByRole('rowheader', { name: /^1.2.0/ })).toBeVisible();
});

it('has a card on the overview, which leads to the tab', async () => {
  const user = userEvent.setup();
  renderApp('/catalog/default/component/mnist-mlp');
  await user.click(await screen.findByRole('link', { name: 'Versions, resources and reuse' }));
  expect(await screen.findByText('POST /v2/models/mnist-mlp/infer')).toBeVisible();
});

it('has the page of all models', async () => {
  renderApp('/models', fleetFixture({ now, models: 3 }));
  expect(await screen.findByText('model-0001')).toBeVisible();
});

it('stays away from entities that name no image', async () => {
  renderApp('/catalog/default/component/website');
  expect(await screen.findByRole('heading', { name: 'website' })).toBeVisible();
  expect(screen.queryByRole('tab', { name: 'Model' })).not.toBeInTheDocument();
});
