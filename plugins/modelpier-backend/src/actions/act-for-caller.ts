import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import { hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import type { Visit } from '../http/access';
import type { RouteContext } from '../http/context';

/** What an assistant may do unasked. */
export const READ_ONLY = { readOnly: true, destructive: false, idempotent: true } as const;
/** Says what an action's `model` is. */
export const MODEL = 'Entity reference of the model, such as component:default/mnist';

/** Lets a caller in by the name that people and their assistants write: `mnist`, `component:default/mnist`. */
export function visitByName(
  { access }: RouteContext,
  credentials: BackstageCredentials,
  { model, permission }: { readonly model: string; readonly permission: ResourcePermission },
): Promise<Visit> {
  return access.visitModel(credentials, entityRefOf(model), permission);
}

function entityRefOf(model: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(model, { defaultKind: 'component', defaultNamespace: 'default' }),
    );
  } catch {
    throw new InputError('model is not an entity reference such as component:default/mnist');
  }
}

/** The registry knows Backstage's own errors; any other would be called our fault. */
export async function answerAction<T>(act: () => Promise<T>): Promise<{ output: T }> {
  try {
    return { output: await act() };
  } catch (error) {
    if (hasCode(error, 'not-found')) throw new NotFoundError(error.message);
    if (hasCode(error, 'invalid-input')) throw new InputError(error.message);
    throw error;
  }
}
