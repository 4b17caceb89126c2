import { mockServices } from '@backstage/backend-test-utils';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { parsePortalConfig } from './portal-config';

const parse = (modelpier?: object) =>
  parsePortalConfig(mockServices.rootConfig({ data: modelpier === undefined ? {} : { modelpier } }));

it('needs no configuration to start', () => {
  expect(parse()).toMatchObject({
    registries: [],
    clusters: [],
    entityTypes: ['ml-model'],
    schedule: { frequency: { minutes: 1 }, scope: 'global' },
  });
});

it('reads registries, clusters and a schedule', () => {
  const config = parse({
    registries: [{ host: 'ghcr.io', username: 'bot', password: 'secret' }],
    clusters: [{ name: 'prod', url: 'https://10.0.0.1:6443', serviceAccountToken: 'token' }],
    schedule: { frequency: 'PT30S', timeout: { minutes: 1 } },
    entityTypes: ['ml-model', 'llm'],
  });
  expect(config.schedule).toMatchObject({ frequency: { seconds: 30 }, timeout: { minutes: 1 } });
  expect(config.clusters[0]?.url).toBe('https://10.0.0.1:6443');
});

it('tells every fault at once, and no secret', () => {
  const refused = () =>
    parse({
      registries: [
        { host: 'https://ghcr.io', password: 4711 },
        { host: 'quay.io', pasword: 'hunter2' },
      ],
      clusters: [{ name: 'a' }, { name: 'b', kubeconfig: '/k', serviceAccountToken: 'hunter2' }],
      schedule: { frequency: 'often' },
    });
  expect(refused).toThrow(ModelpierError);
  let message = '';
  try {
    refused();
  } catch (error) {
    ({ message } = error as Error);
  }
  for (const path of [
    'registries[0].host',
    'registries[1].pasword',
    'clusters[0]',
    'clusters[1]',
    'schedule',
  ]) {
    expect(message).toContain(`modelpier.${path}: `);
  }
  expect(message).toContain('modelpier.registries[0].password: expected a string;');
  expect(message).not.toMatch(/hunter2|4711/);
});

it('refuses names that are given twice and half a login', () => {
  expect(() =>
    parse({
      registries: [{ host: 'ghcr.io' }, { host: 'ghcr.io', username: 'bot' }],
      clusters: [
        { name: 'prod', kubeconfig: '/a' },
        { name: 'prod', kubeconfig: '/b' },
      ],
    }),
  ).toThrow(
    /registries\[1\]\.host: "ghcr\.io" is named twice; .*username and password go together; .*clusters\[1\]\.name: "prod" is named twice/,
  );
});
