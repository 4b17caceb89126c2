import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface DocumentedRole {
  readonly apiVersion: string;
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: { readonly name: string };
  readonly rules: readonly PolicyRule[];
}

/** The Roles of docs/permissions.md, as a reader of the page would copy them. */
export function documentedRoles(): readonly DocumentedRole[] {
  const page = readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8');
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, block = '']) => parse(block) as DocumentedRole,
  );
}

export function documentedRole(name: string): DocumentedRole {
  const role = documentedRoles().find(({ metadata }) => metadata.name === name);
  if (role === undefined) throw new Error(`docs/permissions.md has no Role ${name}`);
  return role;
}
