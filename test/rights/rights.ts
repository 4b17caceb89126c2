import type { AccessRule } from '../servers/kubernetes/api/access';
import { documentedRole } from './documented-roles';

/** One right: a verb on the resources of a rule. */
export interface Right {
  readonly role: string;
  readonly rule: number;
  readonly resource: string;
  readonly verb: string;
}

/** Every right that a documented Role gives. */
export const rightsOf = (role: string): readonly Right[] =>
  documentedRole(role).rules.flatMap(({ resources, verbs }, rule) =>
    resources.flatMap(resource => verbs.map(verb => ({ role, rule, resource, verb }))),
  );

/** The rules of documented Roles in a namespace, as the stand-in grants them; one right may be left out. */
export const accessOf = (
  roles: readonly string[],
  namespace: string,
  without?: Right,
): readonly AccessRule[] =>
  roles.flatMap(role => {
    const { kind, rules } = documentedRole(role);
    return rules.flatMap(({ apiGroups: [group = ''], resources, resourceNames, verbs }, rule) =>
      resources.map(resource => ({
        ...(kind === 'Role' && { namespace }),
        resources: [qualified(resource, group)],
        verbs: verbs.filter(verb => !isSame({ role, rule, resource, verb }, without)),
        ...(resourceNames !== undefined && { names: resourceNames }),
      })),
    );
  });

/** `pods/log` stays so; `deployments` of the group `apps` is `deployments.apps`. */
const qualified = (resource: string, group: string): string =>
  group === '' ? resource : `${resource}.${group}`;

const isSame = (right: Right, other: Right | undefined): boolean =>
  JSON.stringify(right) === JSON.stringify(other);
