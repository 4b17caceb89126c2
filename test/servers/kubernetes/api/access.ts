import type { IncomingMessage } from 'node:http';
import { Refused } from '../refused';
import { qualified } from '../resources';
import type { Target } from './route';

/** Rules as in a Role (`namespace` given) or a ClusterRole; `*` allows all. */
export interface AccessRule {
  readonly namespace?: string;
  /** `deployments.apps`, `pods`, `pods/log`, `nodes/proxy`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** `resourceNames`: only objects of these names; lists and POST, which name none, are not among them. */
  readonly names?: readonly string[];
}

export interface User {
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

/** Who may do what, by bearer token; without one everybody may do everything. */
export type Access = Readonly<Record<string, User>>;

const ADMIN: User = { name: 'admin', rules: [{ resources: ['*'], verbs: ['*'] }] };

const READ = ['get', 'list', 'watch'];
const WRITE = [...READ, 'create', 'update', 'patch', 'delete'];

/** The rights that a deploy needs in one namespace, and no others. */
export const deployerOf = (namespace: string): User => ({
  name: `system:serviceaccount:${namespace}:deployer`,
  rules: [
    { namespace, resources: ['deployments.apps'], verbs: WRITE },
    { namespace, resources: ['replicasets.apps', 'pods', 'pods/log', 'events', 'endpoints'], verbs: READ },
    {
      namespace,
      resources: ['services', 'configmaps', 'secrets', 'leases.coordination.k8s.io'],
      verbs: WRITE,
    },
  ],
});

export function authenticate(access: Access | undefined, request: IncomingMessage): User {
  if (access === undefined) return ADMIN;
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const user = token === undefined ? undefined : access[token];
  if (user === undefined) throw new Refused(401, 'Unauthorized', 'Unauthorized');
  return user;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function verbOf(method: string, target: Target, query: URLSearchParams): string {
  if (method !== 'GET') return VERBS[method] ?? method.toLowerCase();
  if (target.name !== undefined) return 'get';
  return isWatch(query) ? 'watch' : 'list';
}

export const isWatch = (query: URLSearchParams): boolean => ['1', 'true'].includes(query.get('watch') ?? '');

export function authorize(user: User, verb: string, target: Target): void {
  const { resource, namespace, name, subresource } = target;
  const suffix = subresource === undefined ? '' : `/${subresource}`;
  const wanted = `${qualified(resource)}${suffix}`;
  const allowed = user.rules.some(
    rule =>
      (rule.namespace === undefined || rule.namespace === namespace) &&
      (rule.resources.includes('*') || rule.resources.includes(wanted)) &&
      (rule.names === undefined || (name !== undefined && rule.names.includes(name))) &&
      (rule.verbs.includes('*') || rule.verbs.includes(verb)),
  );
  if (allowed) return;
  const object = name === undefined ? '' : ` ${JSON.stringify(name)}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `resource "${resource.plural}${suffix}" in API group "${resource.group}"`;
  throw new Refused(
    403,
    'Forbidden',
    `${qualified(resource)}${object} is forbidden: User "${user.name}" cannot ${verb} ${what} ${where}`,
    { name, group: resource.group === '' ? undefined : resource.group, kind: resource.plural },
  );
}
