import {
  type BackstageCredentials,
  coreServices,
  createServiceFactory,
  type PermissionsService,
  type ServiceFactory,
  type ServiceRef,
} from '@backstage/backend-plugin-api';
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { mockCredentials, mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { type CatalogService, catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult, type PolicyDecision } from '@backstage/plugin-permission-common';
import { type Decoder, IMAGE_ANNOTATION, parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import supertest from 'supertest';
import plugin from '../../plugins/modelpier-backend/src';
import { openDatabase } from './database';

export interface PortalOptions {
  readonly entities: readonly Entity[];
  /** `modelpier` of the configuration. */
  readonly config: object;
  /** `integrations` of the configuration. */
  readonly integrations?: object | undefined;
  /** Services in place of those that say nothing. */
  readonly services?: readonly ServiceFactory[] | undefined;
  /** Permissions that everybody lacks; for one entity alone as `permission component:default/name`. */
  readonly denied?: readonly string[] | undefined;
  /** Default: every source is collected once before the portal is handed out. */
  readonly isCollected?: boolean | undefined;
  /** One of its own where not given. */
  readonly knex?: Knex | undefined;
  /** Collects on its schedule, in turns with other instances over the same database. */
  readonly isScheduled?: boolean | undefined;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

export interface Portal {
  /** Collects every source once. */
  readonly collect: () => Promise<void>;
  readonly send: (
    path: string,
    method?: 'get' | 'post',
    user?: string,
    body?: object | string,
  ) => Promise<Answer>;
  /** As `send`, with the headers of the answer. */
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<supertest.Response>;
  /** Without any sign-in. */
  readonly anonymous: (path: string) => Promise<Answer>;
  /** The answer, parsed as the frontend parses it. */
  readonly read: <T>(path: string, decoder: Decoder<T>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/** From this user the catalog hides everything. */
export const STRANGER = 'user:default/stranger';

/** A Backstage backend with the plugin over an in-memory catalog. */
export async function startPortal({
  entities,
  config,
  integrations,
  services,
  denied,
  isCollected = true,
  knex,
  isScheduled = false,
}: PortalOptions): Promise<Portal> {
  const database = knex ?? (await openDatabase());
  const scheduler = mockServices.scheduler();
  const backend = await startTestBackend({
    features: [
      plugin,
      serve(catalogServiceRef, hidingCatalog(entities)),
      isScheduled ? schedulerServiceFactory : serve(coreServices.scheduler, scheduler),
      serve(coreServices.permissions, denying(denied ?? [])),
      mockServices.rootConfig.factory({
        data: { modelpier: config, ...(integrations !== undefined && { integrations }) },
      }),
      ...(services ?? []),
      mockServices.database.factory({ knex: database }),
    ],
  });
  const collect = async () => {
    for (const { id } of await scheduler.getScheduledTasks()) await scheduler.triggerTask(id);
  };
  const ask = async (
    path: string,
    {
      method = 'get',
      authorization,
      sent,
    }: { method?: 'get' | 'post'; authorization: string; sent?: object | string },
  ): Promise<Answer> => {
    const client = supertest(backend.server);
    const request = client[method](`/api/modelpier${path}`).set('authorization', authorization);
    const answer = await (sent === undefined ? request : request.type('application/json').send(sent));
    const body: unknown = answer.type.endsWith('json') ? JSON.parse(answer.text) : answer.text;
    return { status: answer.status, type: answer.type, body };
  };
  const send: Portal['send'] = (path, method = 'get', user = 'user:default/mock', sent) =>
    ask(path, {
      method,
      authorization: mockCredentials.user.header(user),
      ...(sent !== undefined && { sent }),
    });
  if (isCollected && !isScheduled) await collect();
  return {
    collect,
    send,
    get: async (path, headers = {}) =>
      await supertest(backend.server)
        .get(`/api/modelpier${path}`)
        .set({ authorization: mockCredentials.user.header(), ...headers }),
    anonymous: path => ask(path, { authorization: mockCredentials.none.header() }),
    read: async (path, decoder) => {
      const { status, body } = await send(path);
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      return parseWith(decoder, body, path);
    },
    stop: async () => {
      await backend.stop();
      if (knex === undefined) await database.destroy();
    },
  };
}

const serve = <S>(service: ServiceRef<S, 'plugin'>, instance: S): ServiceFactory =>
  createServiceFactory({ service, deps: {}, factory: () => instance });

/** As a policy that shows to strangers what a rule of the catalog lets through: nothing. */
const denying = (denied: readonly string[]): PermissionsService => ({
  authorize: requests =>
    Promise.resolve(
      requests.map(({ permission: { name }, resourceRef = '' }) => ({
        result:
          denied.includes(name) || denied.includes(`${name} ${resourceRef}`)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      })),
    ),
  authorizeConditional: (requests, { credentials }) =>
    Promise.resolve(
      requests.map(({ permission: { name } }): PolicyDecision => {
        if (denied.includes(name)) return { result: AuthorizeResult.DENY };
        const isRuled = denied.some(each => each.startsWith(`${name} `));
        const isHidden = name === 'catalog.entity.read' && isStranger(credentials);
        return isRuled || isHidden ? ownedOnly : { result: AuthorizeResult.ALLOW };
      }),
    ),
});

const ownedOnly: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: { resourceType: 'catalog-entity', rule: 'IS_ENTITY_OWNER', params: { claims: [STRANGER] } },
};

const isStranger = ({ principal }: BackstageCredentials): boolean =>
  (principal as { userEntityRef?: string }).userEntityRef === STRANGER;

function hidingCatalog(entities: readonly Entity[]): CatalogService {
  const all = catalogServiceMock({ entities: [...entities] });
  const none = catalogServiceMock({ entities: [] });
  const shownTo = ({ credentials }: { credentials: BackstageCredentials }) =>
    isStranger(credentials) ? none : all;
  return Object.assign(Object.create(all) as CatalogService, {
    getEntityByRef: (ref: string, options: { credentials: BackstageCredentials }) =>
      shownTo(options).getEntityByRef(ref),
    getEntitiesByRefs: (query: { entityRefs: string[] }, options: { credentials: BackstageCredentials }) =>
      shownTo(options).getEntitiesByRefs(query),
    streamEntities: (query: object, options: { credentials: BackstageCredentials }) =>
      shownTo(options).streamEntities(query),
  });
}

/** A model component as `catalog-info.yaml` declares it. */
export const modelEntity = (
  name: string,
  image?: string,
  annotations: Readonly<Record<string, string>> = {},
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    annotations: { ...annotations, ...(image !== undefined && { [IMAGE_ANNOTATION]: image }) },
  },
  spec: { type: 'ml-model', owner: 'group:default/ml', lifecycle: 'production' },
});
