import {
  ALLOCATION_BASES,
  ALLOCATION_REASONS,
  REUSE_BASES,
  REUSE_MODES,
  REUSE_REASONS,
  SOURCE_STATES,
  STATES,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  count,
  described,
  digest,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  ref,
  type Schema,
  text,
  time,
} from './json-schema';

import { releases } from './release-components';
import { versions } from './version-components';

const sources = list(ref('Source'));

const basics: Readonly<Record<string, Schema>> = {
  Problem: object({ type: text, title: text, status: count, 'detail?': text, 'hint?': text }),
  Source: object({
    id: text,
    kind: oneOf(['registry', 'cluster']),
    name: text,
    state: oneOf(SOURCE_STATES),
    observedAt: nullable(time),
    'message?': text,
  }),
  EntityRef: object({ kind: text, namespace: text, name: text }),
  ObjectRef: object({ apiVersion: text, kind: text, 'namespace?': text, name: text }),
  Status: object({ state: oneOf(STATES), reason: text, message: text }),
  Placement: object({ cluster: text, namespace: text, workload: ref('ObjectRef'), 'environment?': text }),
};

const models: Readonly<Record<string, Schema>> = {
  ModelSummary: object({
    entity: ref('EntityRef'),
    title: nullable(text),
    owner: nullable(text),
    repositories: list(text),
    'problems?': described(list(text), "What is wrong with the entity's annotations."),
    versions: count,
    newest: nullable(ref('Version')),
    deployments: list(
      object({
        placement: ref('Placement'),
        version: nullable(text),
        status: ref('Status'),
        ready: count,
        desired: count,
        drift: flag,
      }),
    ),
    'health?': described(oneOf(STATES), 'The worst of the deployments.'),
    'replicas?': described(object({ ready: count, desired: count }), 'Over all deployments.'),
    'allocation?': described(
      object({
        resources: list(
          object({
            resource: text,
            requested: text,
            fairShare: nullable(text),
            used: nullable(text),
            share: nullable(number),
          }),
        ),
        dominantShare: nullable(number),
      }),
      'Requests against n * R over all clusters.',
    ),
    'reuse?': described(ref('Reuse'), 'What sharing saves over all versions of the model.'),
  }),
  ModelAnswer: object({
    model: ref('ModelSummary'),
    'ways?': object({ rollback: ref('Way'), promote: ref('Way') }),
    sources,
  }),
  Way: described(
    object({
      workflow: nullable(text),
      reason: nullable(text),
      'hint?': text,
      'isDenied?': flag,
      'repository?': text,
      'ref?': text,
    }),
    'The workflow that the portal can start, or why it cannot.',
  ),
  ModelsPage: object({
    items: list(ref('ModelSummary')),
    nextCursor: nullable(text),
    total: count,
    'totals?': object({
      models: count,
      versions: count,
      health: list(object({ state: oneOf(STATES), models: count })),
      drifting: count,
      ready: count,
      desired: count,
      imageBytes: described(count, 'Of the newest versions.'),
      requested: list(object({ resource: text, amount: text })),
    }),
    'choices?': described(
      object({ owners: list(text), environments: list(text) }),
      'What the list can be filtered by.',
    ),
    sources,
  }),
  Deployment: object({
    cluster: text,
    namespace: text,
    environment: nullable(text),
    workload: ref('ObjectRef'),
    replicas: object({ desired: count, ready: count, updated: count, available: count }),
    'autoscaler?': object({ name: text, min: count, max: count, desired: count, status: ref('Status') }),
    status: ref('Status'),
    image: text,
    runningDigests: list(digest),
    version: nullable(text),
    versionDigest: nullable(digest),
    drift: flag,
    commit: nullable(text),
    actor: nullable(text),
    runUrl: nullable(text),
    deployedAt: nullable(text),
    observedAt: time,
    pods: list(
      object({
        name: text,
        node: nullable(text),
        phase: text,
        ready: flag,
        restarts: count,
        startedAt: nullable(text),
        status: ref('Status'),
        digest: nullable(digest),
      }),
    ),
  }),
  DeploymentsAnswer: object({ items: list(ref('Deployment')), sources }),
  RefreshAnswer: object({
    started: described(list(text), 'Sources that are being read now; the others were a moment ago.'),
    sources,
  }),
  SourcesAnswer: object({ items: sources }),
};

const orphans: Readonly<Record<string, Schema>> = {
  Orphan: object({
    cluster: text,
    namespace: text,
    workload: ref('ObjectRef'),
    model: described(text, 'As its label says.'),
    image: text,
    replicas: object({ desired: count, ready: count }),
    status: ref('Status'),
    observedAt: time,
  }),
  OrphansPage: object({ items: list(ref('Orphan')), nextCursor: nullable(text), total: count, sources }),
};

const counted = {
  'basis?': described(oneOf(ALLOCATION_BASES), "What counts as the model's; left out: its requests."),
  'minusSystem?': described(flag, "Whether T and N are without the system's pods."),
};

const allocation: Readonly<Record<string, Schema>> = {
  AllocatedResource: object({
    resource: text,
    total: described(nullable(text), 'T.'),
    containers: described(count, 'N.'),
    'modelContainers?': count,
    fairShare: described(nullable(text), 'R = T / N.'),
    'reason?': oneOf(ALLOCATION_REASONS),
    requested: described(text, 'A.'),
    'allocated?': described(text, "What counts as the model's where the basis is not A."),
    limited: nullable(text),
    used: described(nullable(text), 'U.'),
    'measuredContainers?': count,
    share: described(nullable(number), 'A / (n * R).'),
    efficiency: described(nullable(number), 'U / A.'),
    ofTotal: described(nullable(number), 'A / T.'),
    bestEffort: flag,
  }),
  ContainerAllocation: object({
    workload: ref('ObjectRef'),
    container: text,
    instances: count,
    resources: list(
      object({
        resource: text,
        request: nullable(text),
        limit: nullable(text),
        used: nullable(text),
        'usedP95?': described(text, 'The 95th percentile of its readings over a week, within a hundredth.'),
        ofFairShare: nullable(number),
      }),
    ),
  }),
  AllocationScope: object({
    cluster: text,
    namespace: nullable(text),
    ...counted,
    pool: nullable(text),
    observedAt: time,
    nodes: nullable(count),
    modelContainers: described(count, 'n.'),
    resources: list(ref('AllocatedResource')),
    dominant: nullable(object({ resource: text, ratio: number })),
    containers: list(ref('ContainerAllocation')),
    'quotas?': described(
      list(object({ quota: text, item: text, resource: text, hard: text, used: nullable(text) })),
      'What the quotas of the namespace allow, and how much of it is taken.',
    ),
  }),
  AllocationAnswer: object({ scopes: list(ref('AllocationScope')), sources }),
  FleetAllocation: object({
    scopes: list(
      object({
        cluster: text,
        pool: nullable(text),
        ...counted,
        observedAt: time,
        nodes: nullable(count),
        models: count,
        'modelContainers?': count,
        resources: list(ref('AllocatedResource')),
      }),
    ),
    sources,
  }),
};

const reuse: Readonly<Record<string, Schema>> = {
  Reuse: object({
    mode: oneOf(REUSE_MODES),
    basis: oneOf(REUSE_BASES),
    totalBytes: described(count, 'S0.'),
    newBytes: described(count, 'S1 + ... + SN.'),
    newLayers: described(count, 'N.'),
    ratio: described(nullable(number), 'R = 1 - newBytes / totalBytes.'),
    'reason?': oneOf(REUSE_REASONS),
    reusedBaseBytes: count,
    reusedOwnBytes: count,
  }),
  ReuseAnswer: object({
    releases: list(
      object({
        repository: text,
        platform: text,
        digest,
        'image?': described(digest, 'That of the platform.'),
        version: nullable(text),
        previous: nullable(digest),
        reuse: ref('Reuse'),
      }),
    ),
    fleet: ref('Reuse'),
    sources,
  }),
  FleetReuse: object({ models: count, versions: count, reuse: ref('Reuse'), sources }),
};

export const schemas: Readonly<Record<string, Schema>> = {
  ...basics,
  ...versions,
  ...releases,
  ...models,
  ...orphans,
  ...allocation,
  ...reuse,
};
