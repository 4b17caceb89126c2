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
    allocation: { basis: 'max', minusSystem: true },
  });
  expect(config.allocation).toEqual({ basis: 'max', minusSystem: true });
  expect(config.schedule).toMatchObject({ frequency: { seconds: 30 }, timeout: { minutes: 1 } });
  expect(config.clusters[0]?.url).toBe('https://10.0.0.1:6443');
});

it('lets a schedule that somebody starts wait until then', () => {
  const schedule = { frequency: { trigger: 'manual' }, timeout: 'PT1M', initialDelay: 'PT3S' };
  expect(parse({ schedule }).schedule).not.toHaveProperty('initialDelay');
  expect(parse({ schedule: { ...schedule, frequency: 'PT30S' } }).schedule).toHaveProperty('initialDelay');
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
      allocation: { basis: 'least' },
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
    'allocation.basis',
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

describe('the clusters of the Kubernetes plugin', () => {
  const account = { authProvider: 'serviceAccount', serviceAccountToken: 'token' };
  const kubernetes = {
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          { name: 'prod', url: 'https://10.0.0.1', ...account },
          { name: 'cloud', url: 'https://10.0.0.2', authProvider: 'google' },
        ],
      },
    ],
  };
  const parseBoth = (modelpier: object) =>
    parsePortalConfig(mockServices.rootConfig({ data: { modelpier, kubernetes } }));

  it('are collected where no others are named', () => {
    const { clusters, skippedClusters } = parseBoth({});
    expect(clusters.map(({ name }) => name)).toEqual(['prod']);
    expect(skippedClusters.map(({ name }) => name)).toEqual(['cloud']);
  });

  it.each([
    [[], []],
    [[{ name: 'own', inCluster: true }], ['own']],
  ])('are left alone where others are named, such as %j', (given, names) => {
    const { clusters, skippedClusters } = parseBoth({ clusters: given });
    expect(clusters.map(({ name }) => name)).toEqual(names);
    expect(skippedClusters).toEqual([]);
  });
});

it.each([
  [{ kubeconfig: '/k', inCluster: true }, 'expected one of'],
  [{ inCluster: false }, 'expected one of'],
  [{ inCluster: true, caFile: '/ca' }, 'go with url only'],
  [{ url: 'https://10.0.0.1', caFile: '/ca', caData: 'LS0t' }, 'either caData or caFile'],
  [{ url: 'https://10.0.0.1', context: 'prod' }, 'context goes with kubeconfig'],
])('refuses the cluster %j', (given, reason) => {
  expect(() => parse({ clusters: [{ name: 'a', ...given }] })).toThrow(reason);
});
