import { EntityProvider } from '@backstage/plugin-catalog-react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { BASE_URL, FixtureBackend } from '../dev/fixture-backend';
import { modelFixture } from '../dev/fixtures';
import { modelEntity } from '../dev/model-page';
import { createModelpierClient } from './api/client';
import { clockApiRef } from './api/clock-api';
import { EntityModelContent, isModelAvailable, modelpierApiRef, modelpierPlugin } from './legacy';

const now = new Date();
const client = createModelpierClient({
  discovery: { getBaseUrl: () => Promise.resolve(BASE_URL) },
  fetch: { fetch: new FixtureBackend(modelFixture({ now })).fetch },
});

const renderContent = (entity: typeof modelEntity) =>
  renderInTestApp(
    <TestApiProvider
      apis={[
        [modelpierApiRef, client],
        [clockApiRef, { now: () => now }],
      ]}
    >
      <EntityProvider entity={entity}>
        <Routes>
          <Route path="/model/*" element={<EntityModelContent />} />
        </Routes>
      </EntityProvider>
    </TestApiProvider>,
    { routeEntries: ['/model/versions'] },
  );

it('shows the same page in an app of the old frontend system', async () => {
  await renderContent(modelEntity);
  expect(await screen.findByRole('rowheader', { name: /^1.2.0/ })).toBeVisible();
});

it('asks for the annotation where an entity has none', async () => {
  await renderContent({ ...modelEntity, metadata: { name: 'website' } });
  expect(await screen.findByText(/modelpier.io\/image/, { selector: 'code' })).toBeVisible();
});

it('tells for which entities the tab is', () => {
  expect(isModelAvailable(modelEntity)).toBe(true);
  expect(isModelAvailable({ ...modelEntity, metadata: { name: 'website' } })).toBe(false);
});

it('brings its own ports', () => {
  expect([...modelpierPlugin.getApis()].map(({ api }) => api.id)).toEqual([
    'plugin.modelpier.api',
    'plugin.modelpier.clock',
  ]);
});
