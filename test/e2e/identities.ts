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
import { kubectl } from './kubectl';
import { ADMIN_KUBECONFIG, NAMESPACE } from './real';

/** Kubeconfigs of service accounts that have exactly the rights that docs/permissions.md tells users to grant. */
export interface Identities {
  readonly deployer: string;
  readonly portal: string;
}

export async function createIdentities(folder: string): Promise<Identities> {
  const admin = await loadCluster({ kubeconfig: ADMIN_KUBECONFIG });
  try {
    await createNamespace(admin);
    const [role, clusterRole] = documentedRoles();
    await apply(admin, { ...role, metadata: { ...role.metadata, namespace: NAMESPACE } });
    await apply(admin, clusterRole);
    return {
      deployer: await createIdentity(admin, { name: 'deployer', role, folder }),
      portal: await createIdentity(admin, { name: 'portal', role: clusterRole, folder }),
    };
  } finally {
    admin.close();
  }
}

/** An empty namespace: what an earlier run left behind is deleted first. */
async function createNamespace(admin: ClusterClient): Promise<void> {
  await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found');
  await apply(admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
}

/** The Role and the ClusterRole, as a reader of the page would copy them. */
function documentedRoles(): readonly [KubernetesObject, KubernetesObject] {
  const page = readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, block = '']) => parse(block) as KubernetesObject,
  );
  const [role, clusterRole] = blocks;
  if (role?.kind !== 'Role' || clusterRole?.kind !== 'ClusterRole')
    throw new Error('docs/permissions.md lacks its roles');
  return [role, clusterRole];
}

async function createIdentity(
  admin: ClusterClient,
  { name, role, folder }: { readonly name: string; readonly role: KubernetesObject; readonly folder: string },
): Promise<string> {
  const subject = { kind: 'ServiceAccount', name, namespace: NAMESPACE };
  const [group] = role.apiVersion.split('/');
  const isCluster = role.kind === 'ClusterRole';
  await apply(admin, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAMESPACE } });
  await apply(admin, {
    apiVersion: role.apiVersion,
    kind: `${role.kind}Binding`,
    metadata: { name: `e2e-${name}`, ...(!isCluster && { namespace: NAMESPACE }) },
    roleRef: { apiGroup: group, kind: role.kind, name: role.metadata.name },
    subjects: [subject],
  });
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
