import { routes } from '@modelpier/backstage-plugin-modelpier-common';
import { modelEntity, type Portal, startPortal } from '../../../test/portal/portal';
import { createRouter } from './http/router';
import { openApiDocument } from './schema/openapi';

const mnist = { kind: 'component', namespace: 'default', name: 'mnist' };
const DIGEST = `sha256:${'0'.repeat(64)}`;
const VALUES: Readonly<Record<string, string>> = {
  namespace: 'default',
  kind: 'component',
  name: 'mnist',
  digest: DIGEST,
  other: DIGEST,
};
const BODIES: Readonly<Record<string, object>> = {
  rollBack: { environment: 'production' },
  promote: { environment: 'production', digest: DIGEST },
};

interface Operation {
  readonly operationId: string;
  readonly method: 'get' | 'post';
  readonly template: string;
  readonly path: string;
}
const operations: readonly Operation[] = Object.entries(openApiDocument.paths).flatMap(([template, item]) =>
  Object.entries(item as Readonly<Record<string, { operationId: string }>>).map(
    ([method, { operationId }]) => ({
      operationId,
      method: method as 'get' | 'post',
      template,
      path: template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(VALUES[name] ?? '')),
    }),
  ),
);
const gets = operations
  .filter(({ method }) => method === 'get')
  .map(each => [each.operationId, each] as const);

let portal: Portal;
const PERMISSIONS = [
  'modelpier.version.read',
  'modelpier.deployment.read',
  'modelpier.allocation.read',
  'modelpier.refresh',
  'modelpier.release.rollback',
  'modelpier.release.promote',
  'modelpier.fleet.read',
];
const start = (denied: readonly string[]) =>
  startPortal({ entities: [modelEntity('mnist')], config: {}, denied });

describe('where everything is denied', () => {
  beforeAll(async () => {
    portal = await start(PERMISSIONS);
  });
  afterAll(() => portal.stop());

  it.each(operations.map(each => [each.operationId, each] as const))(
    'serves %s, and only to those who may',
    async (_, { method, path, operationId }) => {
      const { status, type } = await portal.send(path, method, 'user:default/mock', BODIES[operationId]);
      expect({ status, type }).toEqual({ status: 403, type: 'application/problem+json' });
    },
  );
});

it('has no route that the document does not name', () => {
  const router = createRouter({} as Parameters<typeof createRouter>[0]);
  const own = (
    router.stack as unknown as { route?: { path: string; methods: Record<string, boolean> } }[]
  ).flatMap(({ route }) =>
    route === undefined ? [] : Object.keys(route.methods).map(method => `${method} ${route.path}`),
  );
  const documented = operations.map(
    ({ method, template }) => `${method} ${template.replaceAll(/\{(\w+)\}/g, ':$1')}`,
  );
  expect(own.filter(route => route !== 'get /openapi.json').toSorted()).toEqual(documented.toSorted());
});

describe('where everything is allowed', () => {
  beforeAll(async () => {
    portal = await start([]);
  });
  afterAll(() => portal.stop());

  it.each(gets)('refuses a query of %s that the document does not have', async (_, { path }) => {
    const { status, type, body } = await portal.send(`${path}?nonsense=1`);
    expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json' });
    expect(JSON.stringify(body)).toContain('nonsense');
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=ten',
    'limit=1&limit=2',
    'cursor=%00',
    'cursor=WyJhIl0',
    'sort=nothing',
    'health=great',
    'drift=perhaps',
    'totals=perhaps',
    `filter=${'x'.repeat(101)}`,
  ])('refuses models?%s', async query => {
    const { status, type } = await portal.send(`${routes.models}?${query}`);
    expect({ query, status, type }).toEqual({ query, status: 400, type: 'application/problem+json' });
  });

  it('answers 304 to those who have the same already, and says that it is theirs alone', async () => {
    const first = await portal.get(routes.models);
    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    expect(String(first.headers['vary']).toLowerCase()).toContain('authorization');
    const etag = String(first.headers['etag']);
    const again = await portal.get(routes.models, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    const other = await portal.get(`${routes.models}?totals=true`, { 'if-none-match': etag });
    expect(other.status).toBe(200);
  });

  it('answers a path that it does not have as no route of ours', async () => {
    expect((await portal.send(`${routes.model(mnist)}/nothing`)).status).toBe(404);
  });
});
