import { type Entity } from '@backstage/catalog-model';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import modelpierPlugin from '../src';
import { FixtureBackend } from './fixture-backend';
import { type ModelFixture } from './fixtures';

export const modelEntity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'mnist-mlp',
    title: 'Handwritten digits',
    annotations: { 'modelpier.io/image': '127.0.0.1:5000/models/mnist-mlp' },
  },
  spec: { type: 'ml-model', lifecycle: 'production', owner: 'guests' },
};

export interface PageOptions {
  readonly fixture: ModelFixture;
  readonly entity?: Entity;
  /** The tab in the address, with what is asked for there: `versions?compare=...`. */
  readonly tab?: string;
  readonly show?: 'content' | 'card';
  readonly language?: 'en' | 'de';
}

/** The plugin as an app installs it, on an entity's page, over a backend of fixtures. */
export function renderModelPage(options: PageOptions) {
  const { fixture, entity = modelEntity, tab = '', show = 'content', language = 'en' } = options;
  const backend = new FixtureBackend(fixture);
  const hidden = show === 'content' ? 'entity-card:modelpier/overview' : 'entity-content:modelpier/model';
  renderTestApp({
    initialRouteEntries: [`/entity/${tab}`],
    features: [modelpierPlugin],
    extensions: [createTestEntityPage({ entity })],
    // The test page sits on "/" alone, which leaves no room for tabs in the address.
    config: {
      app: {
        extensions: [
          { [hidden]: false },
          { 'page:test/test-entity': { config: { path: '/entity' } } },
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
