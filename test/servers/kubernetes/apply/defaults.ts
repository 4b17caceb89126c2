import { createHash } from 'node:crypto';
import { type Fields, isFields, type StoredObject } from '../object';

/** What the real server fills in (defaults of apps/v1 and core/v1), as far as anyone looks. */
export function withDefaults(object: StoredObject): StoredObject {
  const filled = structuredClone(object);
  DEFAULTS[filled.kind]?.(filled);
  return filled;
}

const DEFAULTS: Partial<Record<string, (object: StoredObject) => void>> = {
  Deployment: object => {
    const spec = fill(object, 'spec', {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    const strategy = fill(spec, 'strategy', { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') {
      fill(strategy, 'rollingUpdate', { maxUnavailable: '25%', maxSurge: '25%' });
    }
    fillTemplate(spec);
    object.status ??= {};
  },
  ReplicaSet: object => {
    fillTemplate(fill(object, 'spec', { replicas: 1 }));
    object.status ??= {};
  },
  Pod: object => {
    const spec = fillPodSpec(fill(object, 'spec', { enableServiceLinks: true, priority: 0 }));
    spec.serviceAccountName ??= 'default';
    const qosClass = qosOf(spec);
    fill(object, 'status', { phase: 'Pending', qosClass });
  },
  Service: object => {
    const spec = fill(object, 'spec', { type: 'ClusterIP', sessionAffinity: 'None' });
    spec.clusterIP ??= clusterIpOf(object);
    for (const port of listOf(spec.ports)) {
      port.protocol ??= 'TCP';
      port.targetPort ??= port.port;
    }
    object.status ??= { loadBalancer: {} };
  },
  Secret: object => {
    object.type ??= 'Opaque';
    // What is given as text is kept as base64.
    const texts = isFields(object.stringData) ? Object.entries(object.stringData) : [];
    const data = isFields(object.data) ? object.data : {};
    for (const [key, value] of texts) data[key] = Buffer.from(String(value)).toString('base64');
    if (texts.length > 0) object.data = data;
    Reflect.deleteProperty(object, 'stringData');
  },
  Namespace: object => {
    fill(object, 'spec', { finalizers: ['kubernetes'] });
    fill(object, 'status', { phase: 'Active' });
  },
  HorizontalPodAutoscaler: object => {
    fill(object, 'spec', { minReplicas: 1 });
  },
  PersistentVolumeClaim: object => {
    fill(object, 'status', { phase: 'Pending' });
  },
};

function fill(parent: Fields, key: string, defaults: Fields): Fields {
  const value = isFields(parent[key]) ? parent[key] : {};
  preset(value, defaults);
  parent[key] = value;
  return value;
}

function preset(value: Fields, defaults: Fields): void {
  for (const [name, wanted] of Object.entries(defaults)) value[name] ??= wanted;
}

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

function fillTemplate(spec: Fields): void {
  const template = fill(spec, 'template', {});
  fill(template, 'metadata', { creationTimestamp: null });
  fillPodSpec(fill(template, 'spec', {}));
}

const POD_DEFAULTS: Fields = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
};

function fillPodSpec(spec: Fields): Fields {
  preset(spec, POD_DEFAULTS);
  spec.securityContext ??= {};
  for (const container of [...listOf(spec.containers), ...listOf(spec.initContainers)])
    fillContainer(container);
  return spec;
}

function fillContainer(container: Fields): void {
  const image = typeof container.image === 'string' ? container.image : '';
  container.resources ??= {};
  preset(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest(image) ? 'Always' : 'IfNotPresent',
  });
  for (const port of listOf(container.ports)) port.protocol ??= 'TCP';
  for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
    if (isFields(probe)) fillProbe(probe);
  }
}

function fillProbe(probe: Fields): void {
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
  if (isFields(probe.httpGet)) {
    probe.httpGet.path ??= '/';
    probe.httpGet.scheme ??= 'HTTP';
  }
}

const isLatest = (image: string): boolean => {
  if (image.includes('@')) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
};

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qosOf(spec: Fields): string {
  const resources = listOf(spec.containers).map(container => (container.resources ?? {}) as Fields);
  const none = resources.every(({ requests, limits }) => requests === undefined && limits === undefined);
  if (none) return 'BestEffort';
  const guaranteed = resources.every(({ requests, limits }) => {
    if (!isFields(limits) || !('cpu' in limits) || !('memory' in limits)) return false;
    return Object.entries(isFields(requests) ? requests : {}).every(([key, value]) => limits[key] === value);
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** An address that stays the same for a Service of the same name. */
function clusterIpOf({ metadata }: StoredObject): string {
  const hash = createHash('sha256')
    .update(`${metadata.namespace ?? ''}/${metadata.name}`)
    .digest();
  return `10.96.${hash.readUInt8(0)}.${hash.readUInt8(1) || 1}`;
}
