import { type Fields, isFields, type StoredObject } from '../object';
import { Refused } from '../refused';
import { RESOURCES } from '../resources';

const POD_SPEC =
  'activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostname imagePullSecrets initContainers nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes os hostUsers resources';
const CONTAINER =
  'args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resources restartPolicy securityContext startupProbe stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir';
const DEPLOYMENT_SPEC =
  'minReadySeconds paused progressDeadlineSeconds replicas revisionHistoryLimit selector strategy template';
/** Beside `apiVersion`, `kind` and `metadata`; of other kinds every field is taken. */
const TOP: Partial<Record<string, string>> = {
  ConfigMap: 'binaryData data immutable',
  Secret: 'data immutable stringData type',
  Deployment: 'spec status',
  Service: 'spec status',
  Pod: 'spec status',
};

/** Unknown fields end an apply, in the words of the real server (which answers 500 with no reason). */
export function checkDeclared(object: StoredObject): void {
  const errors = undeclaredFields(object).map(path => `${path}: field not declared in schema`);
  if (errors.length === 0) return;
  const said = errors.length === 1 ? errors.join() : `errors:\n  ${errors.join('\n  ')}`;
  throw new Refused(500, undefined, `failed to create typed patch object: ${said}`);
}

/** Deepest first; of each object only the first, as the real server stops there. */
function undeclaredFields(object: StoredObject): readonly string[] {
  const top = TOP[object.kind];
  if (top === undefined) return [];
  const spec = isFields(object.spec) ? object.spec : {};
  const errors = undeclared(object, `apiVersion kind metadata ${top}`, '');
  if (object.kind === 'Pod') return [...inPodSpec(spec, '.spec'), ...errors];
  if (object.kind !== 'Deployment') return errors;
  const template = isFields(spec.template) ? spec.template : {};
  return [
    ...(isFields(template.spec) ? inPodSpec(template.spec, '.spec.template.spec') : []),
    ...undeclared(template, 'metadata spec', '.spec.template'),
    ...undeclared(spec, DEPLOYMENT_SPEC, '.spec'),
    ...errors,
  ];
}

const inPodSpec = (spec: Fields, path: string): readonly string[] => [
  ...['containers', 'initContainers'].flatMap(field => {
    const containers = Array.isArray(spec[field]) ? spec[field].filter(isFields) : [];
    return containers.flatMap(container =>
      undeclared(container, CONTAINER, `${path}.${field}[name=${JSON.stringify(container.name)}]`),
    );
  }),
  ...undeclared(spec, POD_SPEC, path),
];

function undeclared(value: Fields, declared: string, path: string): readonly string[] {
  const known = new Set(declared.split(' '));
  const unknown = Object.keys(value).find(key => !known.has(key));
  return unknown === undefined ? [] : [`${path}.${unknown}`];
}

const propertiesOf = (declared: string, more: object = {}): object => ({
  type: 'object',
  properties: { ...Object.fromEntries(declared.split(' ').map(field => [field, {}])), ...more },
});
const reference = (name: string): object => ({ $ref: `#/definitions/${name}` });

/** The document by which clients learn the fields of each kind (version 2 of OpenAPI). */
export function openApiDocument(): object {
  const containers = { type: 'array', items: reference('Container') };
  const kinds = RESOURCES.flatMap(({ group, kind, versions }) => {
    const top = TOP[kind];
    if (top === undefined) return [];
    const named = { 'x-kubernetes-group-version-kind': versions.map(version => ({ group, kind, version })) };
    const spec = kind === 'Pod' || kind === 'Deployment' ? { spec: reference(`${kind}Spec`) } : {};
    return [[kind, { ...propertiesOf(`apiVersion kind metadata ${top}`, spec), ...named }]];
  });
  return {
    swagger: '2.0',
    definitions: {
      ...(Object.fromEntries(kinds) as object),
      DeploymentSpec: propertiesOf(DEPLOYMENT_SPEC, { template: reference('PodTemplateSpec') }),
      PodTemplateSpec: propertiesOf('metadata spec', { spec: reference('PodSpec') }),
      PodSpec: propertiesOf(POD_SPEC, { containers, initContainers: containers }),
      Container: propertiesOf(CONTAINER),
    },
  };
}
