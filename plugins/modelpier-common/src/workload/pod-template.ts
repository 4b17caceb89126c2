type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where the kinds of Kubernetes keep the specification of their pods. */
const POD_SPEC_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};
const COMMON_PATH = ['spec', 'template', 'spec'];
const CONTAINER_LISTS = ['initContainers', 'containers'] as const;

/** One container of an object's pods, as far as its image goes. */
export interface TemplateContainer {
  readonly name: string;
  readonly image: string | undefined;
}

/** The containers of the pods that an object of any kind makes, init containers first. */
export function templateContainers(object: unknown): readonly TemplateContainer[] {
  const found: TemplateContainer[] = [];
  mapContainerImages(object, container => {
    found.push(container);
    return container.image;
  });
  return found;
}

/** The object with the image of each of its containers as `imageOf` answers it. */
export function mapContainerImages<T>(
  object: T,
  imageOf: (container: TemplateContainer) => string | undefined,
): T {
  const kind = isTree(object) && typeof object['kind'] === 'string' ? object['kind'] : '';
  const path = (Object.hasOwn(POD_SPEC_PATHS, kind) ? POD_SPEC_PATHS[kind] : undefined) ?? COMMON_PATH;
  return update(object, path, spec => mapLists(spec, imageOf)) as T;
}

function update(value: unknown, path: readonly string[], change: (value: Tree) => Tree): unknown {
  if (!isTree(value)) return value;
  const [key, ...rest] = path;
  return key === undefined ? change(value) : { ...value, ...keyed(key, update(value[key], rest, change)) };
}

const keyed = (key: string, value: unknown): Tree => (value === undefined ? {} : { [key]: value });

function mapLists(spec: Tree, imageOf: (container: TemplateContainer) => string | undefined): Tree {
  const lists = CONTAINER_LISTS.filter(key => Array.isArray(spec[key])).map(key => {
    const containers = spec[key] as readonly unknown[];
    return [key, containers.map(container => mapContainer(container, imageOf))];
  });
  return { ...spec, ...(Object.fromEntries(lists) as Tree) };
}

function mapContainer(
  container: unknown,
  imageOf: (container: TemplateContainer) => string | undefined,
): unknown {
  if (!isTree(container) || typeof container['name'] !== 'string') return container;
  const { name, image } = container;
  return {
    ...container,
    ...keyed('image', imageOf({ name, image: typeof image === 'string' ? image : undefined })),
  };
}
