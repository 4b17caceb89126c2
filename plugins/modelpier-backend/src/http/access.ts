import type { BackstageCredentials, HttpAuthService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Request } from 'express';
import type { Knex } from 'knex';
import { type KnownModel, readModel } from '../read/model';
import type { Models } from '../read/visible-fleet';
import { createFleetSight, type ReadSight } from './fleet-sight';
import { createVisibility, NAME_FIELDS, type VisibilityDeps } from './visibility';

export interface AccessDeps extends VisibilityDeps {
  readonly knex: Knex;
  readonly httpAuth: HttpAuthService;
  readonly catalog: Pick<CatalogService, 'getEntityByRef' | 'getEntitiesByRefs' | 'streamEntities'>;
  /** Takes a model in that was registered since the last collection; answers whether it is one. */
  readonly learn: (entity: Entity) => Promise<boolean>;
}

/** A caller who may see a model. */
export interface Visit {
  /** As the caller's catalog shows it. */
  readonly entity: Entity;
  readonly credentials: BackstageCredentials;
  readonly model: KnownModel;
  /** Whether this visit took it in: nothing of it was collected yet. */
  readonly isNew: boolean;
  /** Whether the caller has this permission for the model too. */
  readonly may: (permission: ResourcePermission) => Promise<boolean>;
}

/** Who may see what. Permissions come first: a denied caller costs no look-up at all. */
export interface Access {
  enterModel(
    request: Request,
    permission: ResourcePermission,
    options?: {
      /** Takes a model in that no collection has met yet; else it is not found. */
      readonly learns: boolean;
    },
  ): Promise<Visit>;
  /** As `enterModel`, for a caller who sends no request. */
  visitModel(
    credentials: BackstageCredentials,
    entityRef: string,
    permission: ResourcePermission,
    options?: { readonly learns: boolean },
  ): Promise<Visit>;
  enterFleet(request: Request, permission: BasicPermission): Promise<BackstageCredentials>;
  visitFleet(credentials: BackstageCredentials, permission: BasicPermission): Promise<void>;
  /** Only for a caller who has the permission for every entity, whatever its name. */
  visitEvery(credentials: BackstageCredentials, permission: ResourcePermission): Promise<void>;
  /** Of these entities, those for which the caller has the permission. */
  allowed(
    credentials: BackstageCredentials,
    permission: ResourcePermission,
    entityRefs: readonly string[],
  ): Promise<ReadonlySet<string>>;
  /** All models that the caller's own catalog shows. */
  visibleModels(credentials: BackstageCredentials): Promise<Models>;
  /** Of which models the caller may see these parts of the fleet. */
  readonly sight: ReadSight;
  /** Of these entities, those that the caller's own catalog shows. */
  visible(credentials: BackstageCredentials, entityRefs: readonly string[]): Promise<ReadonlySet<string>>;
}

type EntityParameters = Readonly<Partial<Record<'namespace' | 'kind' | 'name', string>>>;

export function createAccess(deps: AccessDeps): Access {
  const { knex, httpAuth, permissions, catalog, entityTypes } = deps;
  const credentialsOf = (request: Request) => httpAuth.credentials(request, { allow: ['user', 'service'] });

  async function allowed(
    credentials: BackstageCredentials,
    permission: ResourcePermission,
    entityRefs: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const decisions = await permissions.authorize(
      entityRefs.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    return new Set(entityRefs.filter((_, index) => decisions[index]?.result === AuthorizeResult.ALLOW));
  }

  async function visitModel(
    credentials: BackstageCredentials,
    entityRef: string,
    permission: ResourcePermission,
    { learns } = { learns: false },
  ): Promise<Visit> {
    const may = async (wanted: ResourcePermission) =>
      (await allowed(credentials, wanted, [entityRef])).has(entityRef);
    if (!(await may(permission))) throw new NotAllowedError(`${permission.name} is denied for ${entityRef}`);
    const entity = await catalog.getEntityByRef(entityRef, { credentials });
    const known = entity && (await readModel(knex, entityRef));
    const isNew = known === undefined && learns && entity !== undefined && (await deps.learn(entity));
    const model = isNew ? await readModel(knex, entityRef) : known;
    if (entity === undefined || model === undefined) throw notFound(entityRef, entityTypes);
    return { credentials, entity, model, isNew, may };
  }

  const door = createFleetDoor(deps);
  return {
    allowed,
    visitModel,
    ...door,
    enterModel: async (request, permission, options) =>
      await visitModel(await credentialsOf(request), entityRefOf(request), permission, options),
    enterFleet: async (request, permission) => {
      const credentials = await credentialsOf(request);
      await door.visitFleet(credentials, permission);
      return credentials;
    },
    visibleModels: createVisibility(deps),
    sight: createFleetSight({ ...deps, allowed }),
    visible: async (credentials, entityRefs) => {
      if (entityRefs.length === 0) return new Set();
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs: [...entityRefs], fields: NAME_FIELDS },
        { credentials },
      );
      return new Set(items.flatMap(entity => (entity === undefined ? [] : stringifyEntityRef(entity))));
    },
  };
}

/** What concerns more than one model. */
const createFleetDoor = ({
  permissions,
}: Pick<AccessDeps, 'permissions'>): Pick<Access, 'visitFleet' | 'visitEvery'> => ({
  visitFleet: async (credentials, permission) => {
    const [decision] = await permissions.authorize([{ permission }], { credentials });
    if (decision?.result !== AuthorizeResult.ALLOW) throw new NotAllowedError(`${permission.name} is denied`);
  },
  visitEvery: async (credentials, permission) => {
    const [decision] = await permissions.authorizeConditional([{ permission }], { credentials });
    if (decision?.result === AuthorizeResult.ALLOW) return;
    throw new NotAllowedError(`${permission.name} is denied for some models`);
  },
});

function entityRefOf(request: Request): string {
  const { namespace = '', kind = '', name = '' } = request.params as EntityParameters;
  return stringifyEntityRef({ namespace, kind, name });
}

/** The same words for an entity that is hidden, not a model, or not there. */
const notFound = (entityRef: string, entityTypes: readonly string[]): ModelpierError =>
  new ModelpierError('not-found', `${entityRef} is not a model that the portal knows`, {
    hint: `a model is a Component whose spec.type is ${entityTypes.join(' or ')}; a new one is known after the next collection`,
  });
