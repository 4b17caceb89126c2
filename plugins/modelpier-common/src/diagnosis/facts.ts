/** What the run knows of the release, beside what the cluster says. */
export interface Facts {
  /** The model's files, in bytes; nothing where the run did not read them. */
  readonly modelBytes?: number | undefined;
  /** The image's layers as the registry holds them, in bytes. */
  readonly imageBytes?: number | undefined;
  /** What the image was built for: `linux/amd64`. */
  readonly platforms?: readonly string[] | undefined;
  /** The action made the manifests from the model file, whose fields are then the ones to change. */
  readonly isGenerated: boolean;
}

/** The fields of a model file and those of a manifest that say the same. */
const FIELDS = {
  'memory limit': ['spec.resources.memory', 'resources.limits.memory'],
  'memory request': ['spec.resources.memory', 'resources.requests.memory'],
  'cpu request': ['spec.resources.cpu', 'resources.requests.cpu'],
  image: ['spec.runtime.image', 'image'],
} as const;

/** Which field to change: `spec.resources.memory`, or `containers[model].resources.limits.memory`. */
export function fieldOf(
  what: keyof typeof FIELDS,
  { facts, container }: { readonly facts: Facts; readonly container?: string | undefined },
): string {
  const [ofModel, ofContainer] = FIELDS[what];
  return facts.isGenerated ? ofModel : containerField(container, ofContainer);
}

export const containerField = (container: string | undefined, field: string): string =>
  container === undefined ? field : `containers[${container}].${field}`;

/** The field of what the scheduler sets aside, by the resource's name. */
export function requestField(resource: string, at: Parameters<typeof fieldOf>[1]): string {
  if (resource === 'cpu' || resource === 'memory') return fieldOf(`${resource} request`, at);
  if (at.facts.isGenerated && resource.endsWith('/gpu')) return 'spec.resources.gpu';
  return containerField(at.container, `resources.limits["${resource}"]`);
}
