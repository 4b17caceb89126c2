import { type Fields, isFields, type StoredObject } from '../object';
import { type Cause, invalid } from '../refused';
import { matchesLabels } from '../selector';
import type { Resource } from '../resources';
import { same } from '../store';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

const required = (field: string): Cause => ({
  reason: 'FieldValueRequired',
  message: 'Required value',
  field,
});
const bad = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

/** The refusals that a wrong manifest meets first; throws 422 with every cause. */
export function validate(resource: Resource, object: StoredObject, before: StoredObject | undefined): void {
  const causes = [...nameCauses(object), ...(RULES[object.kind]?.(object, before) ?? [])];
  if (causes.length === 0) return;
  throw invalid({ kind: object.kind, group: resource.group, name: object.metadata.name }, causes);
}

const nameCauses = ({ metadata }: StoredObject): Cause[] =>
  metadata.name.length <= 253 && SUBDOMAIN.test(metadata.name)
    ? []
    : [
        bad(
          'metadata.name',
          metadata.name,
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
        ),
      ];

const RULES: Partial<Record<string, (object: StoredObject, before?: StoredObject) => Cause[]>> = {
  Deployment: ({ spec }, before) => deploymentCauses(spec as Fields, before?.spec as Fields | undefined),
  Pod: object => podCauses(object.spec as Fields, 'spec'),
  Service: object => {
    const { ports, clusterIP } = object.spec as Fields;
    const none = !Array.isArray(ports) || ports.length === 0;
    return none && clusterIP !== 'None' ? [required('spec.ports')] : [];
  },
};

function deploymentCauses(spec: Fields, before: Fields | undefined): Cause[] {
  const causes: Cause[] = [];
  const { replicas, selector } = spec;
  if (typeof replicas === 'number' && replicas < 0) {
    causes.push(bad('spec.replicas', replicas, 'must be greater than or equal to 0'));
  }
  const matchLabels = (selector as { matchLabels?: Record<string, string> } | undefined)?.matchLabels;
  if (matchLabels === undefined) causes.push(required('spec.selector'));
  const template = spec.template as Fields;
  const labels = ((template.metadata as Fields).labels ?? {}) as Record<string, string>;
  if (matchLabels === undefined || !matchesLabels(matchLabels)(labels)) {
    causes.push(bad('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  causes.push(...podCauses(template.spec as Fields, 'spec.template.spec'));
  if (before?.selector !== undefined && !same(before.selector, selector)) {
    causes.push(bad('spec.selector', selector, 'field is immutable'));
  }
  return causes;
}

function podCauses(spec: Fields, at: string): Cause[] {
  const containers = Array.isArray(spec.containers) ? spec.containers.filter(isFields) : [];
  if (containers.length === 0) return [required(`${at}.containers`)];
  return containers.flatMap(({ name, image }, index) => {
    const causes: Cause[] = [];
    if (typeof name !== 'string' || !NAME.test(name)) {
      causes.push(
        bad(
          `${at}.containers[${index}].name`,
          name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'",
        ),
      );
    }
    if (typeof image !== 'string' || image === '') causes.push(required(`${at}.containers[${index}].image`));
    return causes;
  });
}
