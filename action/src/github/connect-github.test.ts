import { onGithub, TARGET } from './github.fixture';

const { owner, repo } = TARGET;
const QUERY = { owner, repo };

it('tries again after an error that passes by itself, waiting longer each time', () =>
  onGithub(async ({ server, github: { repos }, slept }) => {
    server.plant({ status: 503, times: 2 });
    expect((await repos.listDeployments(QUERY)).data).toEqual([]);
    expect(slept).toEqual([1_000, 2_000]);
  }));

it('gives up after four tries', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.plant({ status: 502, message: 'Bad Gateway' });
    await expect(repos.listDeployments(QUERY)).rejects.toThrow('Bad Gateway');
    expect(server.requests).toHaveLength(4);
  }));

it('waits as long as a secondary limit asks, also before it creates', () =>
  onGithub(async ({ server, github: { repos }, slept }) => {
    server.plant({ status: 403, headers: { 'retry-after': '7' }, times: 1 });
    await repos.createDeployment({ ...QUERY, ref: 'main' });
    expect(slept).toEqual([7_000]);
    expect(server.deployments).toHaveLength(1);
  }));

it('waits a minute for a secondary limit that names no time, and only once', () =>
  onGithub(async ({ server, github: { repos }, slept }) => {
    server.plant({ status: 403, message: 'You have exceeded a secondary rate limit' });
    await expect(repos.listDeployments(QUERY)).rejects.toThrow('secondary rate limit');
    expect(slept).toEqual([60_000]);
  }));

it('waits for a primary limit that ends soon, not for one that ends in an hour', () =>
  onGithub(async ({ server, github: { repos }, slept }) => {
    const limitOf = (seconds: number) => ({
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + seconds),
    });
    server.plant({ status: 429, headers: limitOf(20), times: 1 });
    await repos.listDeployments(QUERY);
    expect(slept[0]).toBeGreaterThan(18_000);
    server.plant({ status: 403, headers: limitOf(3600) });
    await expect(repos.listDeployments(QUERY)).rejects.toThrow();
    expect(slept).toHaveLength(1);
  }));

it('does not try again what may have been done, nor what was refused for good', () =>
  onGithub(async ({ server, github: { repos }, slept }) => {
    server.plant({ method: 'POST', status: 502, times: 1 });
    await expect(repos.createDeployment({ ...QUERY, ref: 'main' })).rejects.toThrow();
    server.deny(403);
    await expect(repos.listDeployments(QUERY)).rejects.toThrow('not accessible');
    expect(slept).toEqual([]);
  }));

it('waits for nothing in a cancelled run', () =>
  onGithub(
    async ({ server, github: { repos }, slept }) => {
      server.plant({});
      const startedAt = Date.now();
      await expect(repos.listDeployments(QUERY)).rejects.toThrow('no answer within 2 s');
      expect(Date.now() - startedAt).toBeLessThan(4_000);
      expect(slept).toEqual([]);
    },
    { signal: AbortSignal.abort() },
  ));

it('keeps the token out of what it throws', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.deny(403);
    const error = await repos.listDeployments(QUERY).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toContain('secret');
  }));
