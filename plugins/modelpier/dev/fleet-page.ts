import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import modelpierPlugin from '../src';
import { FixtureBackend, type Refusal } from './fixture-backend';
import { type FleetFixture } from './fleet';
import { modelEntity } from './model-page';

export interface FleetPageOptions {
  readonly fixture: FleetFixture;
  /** What the address asks for: `health=Failed`. */
  readonly query?: string;
  readonly language?: 'en' | 'de';
  readonly refusal?: Refusal;
}

/** The page of all models as an app installs it, over a backend of fixtures. */
export function renderFleetPage({ fixture, query = '', language = 'en', refusal }: FleetPageOptions) {
  const backend = new FixtureBackend(fixture);
  backend.refusal = refusal;
  renderTestApp({
    initialRouteEntries: [`/models?${query}`],
    features: [modelpierPlugin],
    extensions: [createTestEntityPage({ entity: modelEntity })],
    config: {
      app: {
        extensions: [
          { 'page:test/test-entity': { config: { path: '/catalog/:namespace/:kind/:name' } } },
          {
            'api:app/app-language': {
              config: { availableLanguages: ['en', 'de'], defaultLanguage: language },
            },
          },
        ],
      },
    },
    apis: [
      mockApis.fetch({ baseImplementation: backend.fetch }),
      mockApis.discovery({ baseUrl: 'http://backend.test' }),
    ],
  });
  return backend;
}
