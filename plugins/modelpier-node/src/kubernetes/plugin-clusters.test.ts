import { readPluginClusters } from './plugin-clusters';

const read = (...clusters: readonly object[]) =>
  readPluginClusters({ clusterLocatorMethods: [{ type: 'config', clusters }] });
const url = 'https://10.0.0.1:6443';

it('takes clusters with a service account over as they are', () => {
  const own = { name: 'prod', url, caData: 'LS0t', serviceAccountToken: 'token', skipTLSVerify: false };
  const given = { ...own, authProvider: 'serviceAccount', skipMetricsLookup: true, title: 'Production' };
  expect(read(given)).toEqual({ clusters: [own], skipped: [] });
});

it('takes the file of an authority before its data, as the plugin does', () => {
  const account = { authProvider: 'serviceAccount', serviceAccountToken: 'token' };
  const { clusters } = read({ name: 'prod', url, caData: 'LS0t', caFile: '/ca.pem', ...account });
  expect(clusters).toEqual([{ name: 'prod', url, caFile: '/ca.pem', serviceAccountToken: 'token' }]);
});

it('takes a service account without a token for that of the pod', () => {
  const authMetadata = { 'kubernetes.io/auth-provider': 'serviceAccount' };
  expect(read({ name: 'own', url, authMetadata }).clusters).toEqual([{ name: 'own', inCluster: true }]);
});

it('finds kubectl proxy, where it is a locator and where it is a way to sign in', () => {
  const methods = [
    { type: 'localKubectlProxy' },
    {
      type: 'config',
      clusters: [{ name: 'dev', url: 'http://127.0.0.1:8002', authProvider: 'localKubectlProxy' }],
    },
  ];
  expect(readPluginClusters({ clusterLocatorMethods: methods }).clusters).toEqual([
    { name: 'local', url: 'http://localhost:8001' },
    { name: 'dev', url: 'http://127.0.0.1:8002' },
  ]);
});

it.each(['oidc', 'google', 'googleServiceAccount', 'aws', 'azure'])(
  'skips a cluster that %s signs in to, and says why',
  authProvider => {
    const { clusters, skipped } = read({ name: 'gke', url, authProvider, serviceAccountToken: 'hunter2' });
    expect(clusters).toEqual([]);
    expect(skipped).toEqual([
      { name: 'gke', reason: expect.stringContaining(`"${authProvider}"`) as string },
    ]);
  },
);

it.each(['gke', 'catalog'])('says that the locator %s is not read', type => {
  const { skipped } = readPluginClusters({ clusterLocatorMethods: [{ type, projectId: 'p' }] });
  expect(skipped).toEqual([{ name: type, reason: expect.stringContaining(`"${type}"`) as string }]);
});

it('takes the first of two clusters with one name', () => {
  const account = { name: 'prod', authProvider: 'serviceAccount', serviceAccountToken: 'token' };
  const { clusters } = read({ ...account, url }, { ...account, url: 'https://10.0.0.2' });
  expect(clusters.map(cluster => cluster.url)).toEqual([url]);
});

it('has none where the plugin is not configured', () => {
  expect(readPluginClusters(undefined)).toEqual({ clusters: [], skipped: [] });
});

it('tells where the configuration is not as the plugin takes it, and no token', () => {
  const wrong = () =>
    read({ name: 'prod', url: 'ftp://x', authProvider: 'serviceAccount', serviceAccountToken: 4711 });
  expect(wrong).toThrow(/clusters is not valid: \[0\]\.url/);
  expect(wrong).not.toThrow(/4711/);
});
