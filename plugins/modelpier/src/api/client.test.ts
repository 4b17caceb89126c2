import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { BASE_URL, FixtureBackend } from '../../dev/fixture-backend';
import { modelFixture } from '../../dev/fixtures';
import { createModelpierClient } from './client';

const entity = { kind: 'component', namespace: 'default', name: 'mnist-mlp' };
const fixture = modelFixture({ now: new Date('2026-09-01T12:00:00Z') });
const discovery = { getBaseUrl: () => Promise.resolve(BASE_URL) };
const options = () => ({ signal: new AbortController().signal });

const clientOver = (fetch: typeof globalThis.fetch) => createModelpierClient({ discovery, fetch: { fetch } });
const answering = (body: string, init?: ResponseInit) =>
  clientOver(() => Promise.resolve(new Response(body, init)));
const failureOf = async (work: Promise<unknown>): Promise<ModelpierError> => {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (failure instanceof ModelpierError) return failure;
  throw new Error('expected a ModelpierError', { cause: failure });
};

it('parses every answer of the backend', async () => {
  const client = clientOver(new FixtureBackend(fixture).fetch);
  expect(await client.readModel(entity, options())).toEqual(fixture.model);
  expect(await client.readVersions(entity, options())).toEqual(fixture.versions);
  const [detail] = fixture.details;
  expect(await client.readVersion(entity, detail!.version.digest, options())).toEqual(detail);
  const [diff] = fixture.diffs;
  expect(await client.readDiff(entity, diff!.before.digest, diff!.after.digest, options())).toEqual(diff);
  expect(await client.readDeployments(entity, options())).toEqual(fixture.deployments);
  expect(await client.readReleases(entity, options())).toEqual(fixture.releases);
  expect(await client.readAllocation(entity, options())).toEqual(fixture.allocation);
  expect(await client.readReuse(entity, options())).toEqual(fixture.reuse);
});

it('names every wrong field of an answer it cannot understand', async () => {
  const body = JSON.stringify({ ...fixture.versions, total: -1, nextCursor: 7 });
  const failure = await failureOf(answering(body).readVersions(entity, options()));
  expect(failure.code).toBe('invalid-document');
  expect(failure.faults.map(({ path }) => path)).toEqual(['nextCursor', 'total']);
});

it('says so where another server answers with a page', async () => {
  const failure = await failureOf(answering('<html>').readModel(entity, options()));
  expect(failure.message).toBe('GET /v1/models/default/component/mnist-mlp: the answer is not JSON');
  expect(failure.hint).toContain('backend.baseUrl');
});

it('passes on what problem details say and advise', async () => {
  const body = JSON.stringify({
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    detail: 'refreshed 3 s ago',
    hint: 'Refresh again in 27 s.',
  });
  const failure = await failureOf(answering(body, { status: 429 }).refresh(entity, options()));
  expect(failure.code).toBe('rate-limited');
  expect(failure.message).toBe('POST /v1/models/default/component/mnist-mlp/refresh: refreshed 3 s ago');
  expect(failure.hint).toBe('Refresh again in 27 s.');
});

it('keeps to the status where the error is not ours', async () => {
  const failure = await failureOf(
    answering('gateway', { status: 502, statusText: 'Bad Gateway' }).readReuse(entity, options()),
  );
  expect(failure.code).toBe('unreachable');
  expect(failure.message).toBe('GET /v1/models/default/component/mnist-mlp/reuse: Bad Gateway');
});

it('sends what is to be started, and tells of its run', async () => {
  const sent: Request[] = [];
  const answer = { repository: 'acme/mnist', workflow: 'rollback.yml', ref: 'main', runsUrl: 'https://x' };
  const client = clientOver((input, init) => {
    sent.push(new Request(input, init));
    return Promise.resolve(new Response(JSON.stringify(answer), { status: 202 }));
  });
  const request = { environment: 'production', version: '1.0.0', requestId: 'abcdefgh' };
  expect(await client.rollBack(entity, request, options())).toEqual(answer);
  expect(sent[0]?.headers.get('content-type')).toBe('application/json');
  expect(await sent[0]?.json()).toEqual(request);
});

it('calls a backend that cannot be reached unreachable', async () => {
  const client = clientOver(() => Promise.reject(new TypeError('Failed to fetch')));
  const failure = await failureOf(client.readModel(entity, options()));
  expect(failure.code).toBe('unreachable');
  expect(failure.cause).toBeInstanceOf(TypeError);
});

it('stays quiet about a question that was given up', async () => {
  const controller = new AbortController();
  const client = clientOver(() => {
    controller.abort();
    return Promise.reject(new DOMException('aborted', 'AbortError'));
  });
  await expect(client.readModel(entity, { signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

it('encodes names, so that none leaves its place in the path', async () => {
  const backend = new FixtureBackend(fixture);
  const odd = { ...entity, name: '../../catalog/entities' };
  await failureOf(clientOver(backend.fetch).readModel(odd, options()));
  expect(backend.asked).toEqual(['GET /v1/models/default/component/..%2F..%2Fcatalog%2Fentities']);
});
