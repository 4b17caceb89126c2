import { startKubernetes } from '../../../../test/servers/kubernetes';
import { createTransport, DEFAULT_TIMEOUTS } from './transport';

it('sends nothing where the end comes while the credentials are fetched', async () => {
  const server = await startKubernetes();
  const end = new AbortController();
  const credentials = (): Promise<{ headers: Record<string, string>; tls: object }> => {
    end.abort();
    return Promise.resolve({ headers: {}, tls: {} });
  };
  const transport = createTransport(
    { server: new URL(server.url), namespace: 'apps', credentials },
    DEFAULT_TIMEOUTS,
  );
  try {
    const path = '/api/v1/namespaces/apps/pods';
    const watch = {
      method: 'GET',
      path,
      query: { watch: 'true' },
      act: 'watch',
      signal: end.signal,
    } as const;
    await expect(transport.send(watch)).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.faults.requests).toEqual([]);
  } finally {
    transport.close();
    await server.close();
  }
});
