import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import {
  dispatchAnswer,
  IMAGE_VERSION,
  modelAnswer,
  parseWith,
  problem,
  PROMOTE_WORKFLOW_ANNOTATION,
  ROLLBACK_WORKFLOW_ANNOTATION,
  routes,
} from '@modelpier/backstage-plugin-modelpier-common';
import { modelEntity, type Portal, startPortal, STRANGER } from '../../../test/portal/portal';
import { layerBytes, pushSample } from '../../../test/portal/release';
import { startWorld, type World } from '../../../test/portal/world';
import { FIRST_RUN } from '../../../test/servers/github/dispatches';
import { type GithubServer, startGithub } from '../../../test/servers/github/server';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const TOKEN = 'ghp_0123456789abcdefSECRET';
const USER = 'user:default/mock';
const DISPATCHES = '/repos/acme/mnist/actions/workflows';

let world: World;
let github: GithubServer;
let elsewhere: GithubServer;
let portal: Portal | undefined;
let digest: string;

beforeAll(async () => {
  world = await startWorld();
  github = await startGithub({ token: TOKEN });
  elsewhere = await startGithub({ token: TOKEN });
  const repository = { registry: world.registry.host, path: 'acme/mnist' };
  const layers = [{ bytes: layerBytes('base', 100) }];
  ({ digest } = await pushSample(
    world.client,
    repository,
    { layers, annotations: { [IMAGE_VERSION]: '1.0.0' } },
    '1.0.0',
  ));
});
afterEach(async () => {
  github.deny(undefined);
  await portal?.stop();
  portal = undefined;
});
afterAll(async () => {
  await world.close();
  await github.close();
  await elsewhere.close();
});

const start = async ({
  denied = [],
  annotations = {},
  token = TOKEN,
}: {
  denied?: readonly string[];
  annotations?: Readonly<Record<string, string>>;
  token?: string;
} = {}) => {
  const auditor = mockServices.auditor.mock({
    createEvent: jest.fn(() =>
      Promise.resolve({ success: () => Promise.resolve(), fail: () => Promise.resolve() }),
    ),
  });
  const logged: string[] = [];
  const log = (...said: unknown[]) => void logged.push(said.map(String).join(' '));
  const logger = { info: log, warn: log, error: log, debug: log, child: () => logger };
  portal = await startPortal({
    entities: [
      modelEntity('mnist', `${world.registry.host}/acme/mnist`, {
        'backstage.io/managed-by-location': 'url:https://github.com/acme/mnist/tree/main/catalog-info.yaml',
        [ROLLBACK_WORKFLOW_ANNOTATION]: 'rollback.yml',
        [PROMOTE_WORKFLOW_ANNOTATION]: 'promote.yml@release',
        ...annotations,
      }),
    ],
    config: { registries: [{ host: world.registry.host }] },
    integrations: { github: [{ host: 'github.com', apiBaseUrl: github.url, token }] },
    services: [
      createServiceFactory({ service: coreServices.auditor, deps: {}, factory: () => auditor }),
      createServiceFactory({ service: coreServices.logger, deps: {}, factory: () => logger }),
    ],
    denied,
  });
  return { portal, auditor, logged };
};
const rollback = (body: object | string, user = USER) =>
  portal!.send(routes.rollback(mnist), 'post', user, body);
const asked = () => github.requests.length;

it('starts the workflow that goes back, with what was asked for', async () => {
  await start();
  const { status, body } = await rollback({ environment: 'production', version: '1.3.0' });
  expect(status).toBe(202);
  expect(parseWith(dispatchAnswer, body, 'answer')).toEqual({
    repository: 'acme/mnist',
    workflow: 'rollback.yml',
    ref: 'main',
    runsUrl: 'https://github.com/acme/mnist/actions/workflows/rollback.yml',
    runUrl: `https://github.com/acme/mnist/actions/runs/${FIRST_RUN + github.dispatches.length}`,
  });
  expect(github.dispatches.at(-1)).toEqual({
    workflow: 'rollback.yml',
    ref: 'main',
    inputs: { environment: 'production', version: '1.3.0' },
  });
  await rollback({ environment: 'production' });
  expect(github.dispatches.at(-1)?.inputs).toEqual({ environment: 'production' });
});

it("starts the workflow that promotes one of the model's versions, by its digest", async () => {
  await start();
  const promote = (sent: object) => portal!.send(routes.promote(mnist), 'post', USER, sent);
  expect((await promote({ environment: 'production', digest })).status).toBe(202);
  expect(github.dispatches.at(-1)).toEqual({
    workflow: 'promote.yml',
    ref: 'release',
    inputs: { environment: 'production', image: `${world.registry.host}/acme/mnist@${digest}` },
  });
  const before = asked();
  const other = await promote({ environment: 'production', digest: `sha256:${'0'.repeat(64)}` });
  expect(other.status).toBe(404);
  expect(asked()).toBe(before);
});

it('asks GitHub nothing for a caller who may not, or does not see the model', async () => {
  const { auditor } = await start({ denied: ['modelpier.release.rollback', 'modelpier.release.promote'] });
  const before = asked();
  expect((await rollback({ environment: 'production' })).status).toBe(403);
  expect((await portal!.send(routes.promote(mnist), 'post', USER, { environment: 'x', digest })).status).toBe(
    403,
  );
  expect(auditor.createEvent).toHaveBeenCalledWith(
    expect.objectContaining({ eventId: 'release-rollback', severityLevel: 'medium' }),
  );
  await portal!.stop();
  await start();
  expect((await rollback({ environment: 'production' }, STRANGER)).status).toBe(404);
  expect(asked()).toBe(before);
});

it('starts a run also where GitHub cannot tell of it', async () => {
  await start();
  const [before, requests] = [github.dispatches.length, asked()];
  github.plant({ method: 'POST', status: 422, times: 1, message: '"return_run_details" is not permitted' });
  const { status, body } = await rollback({ environment: 'production' });
  expect([status, asked() - requests, github.dispatches.length - before]).toEqual([202, 2, 1]);
  expect(parseWith(dispatchAnswer, body, 'answer').runUrl).toBeUndefined();
});

describe('under one requestId', () => {
  const sent = (requestId: string) => ({ environment: 'production', version: '1.3.0', requestId });

  it('starts a run once, however often and at once it is asked for', async () => {
    await start();
    const before = github.dispatches.length;
    const answers = await Promise.all([1, 2, 3].map(() => rollback(sent('intention-1'))));
    const again = await rollback(sent('intention-1'));
    expect(github.dispatches).toHaveLength(before + 1);
    expect(again.status).toBe(202);
    for (const { status, body } of answers)
      if (status === 202) expect(body).toEqual(again.body);
      else expect(status).toBe(504);
    expect((await rollback(sent('intention-2'))).status).toBe(202);
    expect(github.dispatches).toHaveLength(before + 2);
  });

  it('starts none where the one before may have been started', async () => {
    await start();
    github.plant({ method: 'POST', status: 502, times: 1, afterwards: true });
    const before = github.dispatches.length;
    const lost = await rollback(sent('intention-3'));
    expect(lost.status).toBe(504);
    expect(parseWith(problem, lost.body, 'problem').hint).toContain('it may have been started');
    const { status, body } = await rollback(sent('intention-3'));
    expect(status).toBe(504);
    expect(parseWith(problem, body, 'problem').detail).toContain('may have been started');
    expect(github.dispatches).toHaveLength(before + 1);
  });

  it('starts one after GitHub refused, and none of something else', async () => {
    await start();
    github.plant({ method: 'POST', status: 403, times: 1 });
    expect((await rollback(sent('intention-4'))).status).toBe(502);
    expect((await rollback(sent('intention-4'))).status).toBe(202);
    const before = asked();
    expect((await rollback({ ...sent('intention-4'), environment: 'staging' })).status).toBe(409);
    expect(asked()).toBe(before);
  });
});

it.each([
  {},
  { environment: 'production', requestId: '../x' },
  { environment: '$(id)' },
  { environment: 'production', version: '1.0; rm -rf /' },
  { environment: 'production', ref: 'evil' },
  { environment: 7 },
  '{"environment":',
  `{"environment":"production","version":"${'1'.repeat(200_000)}"}`,
])('refuses %j before anything is started', async body => {
  await start();
  const before = asked();
  const { status, type } = await rollback(body);
  expect([400, 413]).toContain(status);
  expect(type).toBe('application/problem+json');
  expect(asked()).toBe(before);
});

it('starts nothing in a repository that the entity was not read from', async () => {
  await start({ annotations: { 'github.com/project-slug': 'victim/payments' } });
  const before = asked();
  const { status, body } = await rollback({ environment: 'production' });
  expect(status).toBe(409);
  expect(parseWith(problem, body, 'problem').detail).toContain(
    'was not read from github.com/victim/payments',
  );
  expect(asked()).toBe(before);
});

it('tells what can be started, and why not', async () => {
  await start({
    annotations: { [ROLLBACK_WORKFLOW_ANNOTATION]: '../x.yml' },
    denied: ['modelpier.release.promote'],
  });
  const { ways } = await portal!.read(routes.model(mnist), modelAnswer);
  expect(ways).toEqual({
    rollback: {
      workflow: null,
      reason: `${ROLLBACK_WORKFLOW_ANNOTATION} is not a workflow's file`,
      hint: expect.stringContaining('.github/workflows') as string,
    },
    promote: { workflow: null, reason: 'modelpier.release.promote is denied', isDenied: true },
  });
  await portal!.stop();
  await start();
  expect((await portal!.read(routes.model(mnist), modelAnswer)).ways).toEqual({
    rollback: { workflow: 'rollback.yml', reason: null, repository: 'acme/mnist', ref: 'main' },
    promote: { workflow: 'promote.yml', reason: null, repository: 'acme/mnist', ref: 'release' },
  });
});

it.each([401, 403, 404, 422, 500])(
  'tells that GitHub answered %i, and nothing of what it said',
  async status => {
    const { logged } = await start();
    github.plant({ method: 'POST', path: new RegExp(DISPATCHES), status, message: `no, ${TOKEN}` });
    const answer = await rollback({ environment: 'production' });
    expect(answer.status).toBe(502);
    expect(parseWith(problem, answer.body, 'problem').detail).toBe(
      `start rollback.yml of acme/mnist: GitHub answered ${status}`,
    );
    expect(JSON.stringify([answer, logged])).not.toContain(TOKEN);
  },
);

it('follows no redirect, which would take the token elsewhere', async () => {
  const { logged } = await start();
  const location = `${elsewhere.url}${DISPATCHES}/rollback.yml/dispatches`;
  github.plant({ method: 'POST', status: 307, headers: { location } });
  const answer = await rollback({ environment: 'production' });
  expect(answer.status).toBe(502);
  expect(elsewhere.requests).toEqual([]);
  expect(JSON.stringify([answer, logged])).not.toContain(TOKEN);
});
