import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FIELD_MANAGER } from '@modelpier/backstage-plugin-modelpier-common';
import {
  type ClusterClient,
  type KubernetesObject,
  loadCluster,
} from '@modelpier/backstage-plugin-modelpier-node';
import { parse } from 'yaml';
import { documentedRole } from '../rights/documented-roles';
import { kubectl } from './kubectl';
import { ADMIN_KUBECONFIG, NAMESPACE } from './real';

/** What a repository binds that deploys with generated manifests. */
export const DEPLOYER = [
  'modelpier-deployer',
  'modelpier-ledger',
  'modelpier-model-gate',
  'modelpier-golden',
  'modelpier-scaling',
];

const PLANNER = ['modelpier-plan', 'modelpier-fit', 'modelpier-fit-nodes'];

/** Kubeconfigs of service accounts that have exactly the rights that docs/permissions.md tells users to grant. */
export interface Identities {
  readonly deployer: string;
  readonly portal: string;
  /** May only plan, and see what a release has to fit into. */
  readonly planner: string;
}

export async function createIdentities(folder: string): Promise<Identities> {
  const admin = await loadCluster({ kubeconfig: ADMIN_KUBECONFIG });
  try {
    await createNamespace(admin);
    return {
      deployer: await createIdentity(admin, { name: 'deployer', roles: DEPLOYER, folder }),
      planner: await createIdentity(admin, { name: 'planner', roles: PLANNER, folder }),
      portal: await createIdentity(admin, { name: 'portal', roles: ['modelpier-portal'], folder }),
    };
  } finally {
    admin.close();
  }
}

/** An empty namespace: what an earlier run left behind is deleted first. */
export async function createNamespace(admin: ClusterClient): Promise<void> {
  await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found');
  await apply(admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
}

interface Identity {
  readonly name: string;
  /** Names of Roles of docs/permissions.md. */
  readonly roles: readonly string[];
  readonly folder: string;
}

/** A service account of this namespace, bound to the Roles. */
export async function createIdentity(
  admin: ClusterClient,
  { name, roles, folder }: Identity,
): Promise<string> {
  const subject = { kind: 'ServiceAccount', name, namespace: NAMESPACE };
  await apply(admin, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAMESPACE } });
  for (const { apiVersion, kind, metadata, rules } of roles.map(documentedRole)) {
    const namespace = kind === 'ClusterRole' ? {} : { namespace: NAMESPACE };
    await apply(admin, { apiVersion, kind, metadata: { ...metadata, ...namespace }, rules });
    await apply(admin, {
      apiVersion,
      kind: `${kind}Binding`,
      metadata: { name: `e2e-${name}-${metadata.name}`, ...namespace },
      roleRef: { apiGroup: apiVersion.split('/')[0], kind, name: metadata.name },
      subjects: [subject],
    });
  }
  const path = join(folder, `${name}.kubeconfig`);
  await writeFile(path, kubeconfigWith(await readToken(admin, name)), { mode: 0o600 });
  return path;
}

/** The cluster's controller makes a token Secret for every service account, after a moment. */
async function readToken(admin: ClusterClient, name: string): Promise<string> {
  const ref = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: NAMESPACE, name };
  for (;;) {
    const account = (await admin.getObject(ref)) as
      { secrets?: readonly { readonly name: string }[] } | undefined;
    const secret = account?.secrets?.[0]?.name;
    if (secret !== undefined) {
      const object = await admin.getObject({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: NAMESPACE,
        name: secret,
      });
      const token = (object?.data as { token?: string } | undefined)?.token;
      if (token !== undefined) return Buffer.from(token, 'base64').toString('utf8');
    }
    await sleep(200);
  }
}

interface Kubeconfig {
  readonly users: { readonly name: string; user: unknown }[];
  readonly contexts: { readonly context: { namespace?: string } }[];
}

/** The administrator's kubeconfig with another identity in it. */
function kubeconfigWith(token: string): string {
  const config = parse(readFileSync(ADMIN_KUBECONFIG, 'utf8')) as Kubeconfig;
  for (const user of config.users) user.user = { token };
  for (const { context } of config.contexts) context.namespace = NAMESPACE;
  return JSON.stringify(config);
}

const apply = (admin: ClusterClient, object: unknown): Promise<unknown> =>
  admin.applyObject(object as KubernetesObject, { fieldManager: FIELD_MANAGER, force: true });
