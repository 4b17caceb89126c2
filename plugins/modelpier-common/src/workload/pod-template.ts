type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const CONTAINER_LISTS = ['initContainers', 'containers'] as const;
/** What the cluster says of an object; the wanted pods stand elsewhere. */
const NOT_WANTED = new Set(['metadata', 'status']);
/** Describes objects of a kind, and makes no pods of its own. */
const SCHEMA_KIND = 'CustomResourceDefinition';

/** One container of an object's pods, as far as its image goes. */
export interface TemplateContainer {
  /** Where the kind lets it be left out (Knative, KServe), its position in the list. */
  readonly name: string;
  readonly image: string | undefined;
}

type ImageOf = (container: TemplateContainer) => string | undefined;

/** The containers of the pods that an object of any kind makes, init containers first. */
export function templateContainers(object: unknown): readonly TemplateContainer[] {
  const found: TemplateContainer[] = [];
  mapContainerImages(object, container => {
    found.push(container);
    return container.image;
  });
  return found;
}

/**
 * The object with the image of each of its containers as `imageOf` answers it. Specifications of pods are known by
 * their shape, wherever a kind keeps them: custom resources put them in many places.
 */
export function mapContainerImages<T>(object: T, imageOf: ImageOf): T {
  if (!isTree(object) || object['kind'] === SCHEMA_KIND) return object;
  const entries = Object.entries(object).map(([key, value]) => [
    key,
    NOT_WANTED.has(key) ? value : mapValue(value, imageOf),
  ]);
  return Object.fromEntries(entries) as T;
}

function mapValue(value: unknown, imageOf: ImageOf): unknown {
  if (Array.isArray(value)) return value.map(item => mapValue(item, imageOf));
  if (!isTree(value)) return value;
  // Before the rest, and in this order, whatever order the document has.
  const mapped = new Map<string, unknown>(
    CONTAINER_LISTS.flatMap(key => {
      const list = value[key];
      return isContainers(list) ? [[key, mapContainers(list, imageOf)]] : [];
    }),
  );
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapped.get(key) ?? mapValue(inner, imageOf)]),
  );
}

/** Containers have a name or an image; a list of anything else under that name is none of ours. */
const isContainers = (value: unknown): value is readonly Tree[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(item => isTree(item) && [item['name'], item['image']].some(text => typeof text === 'string'));

const mapContainers = (containers: readonly Tree[], imageOf: ImageOf): readonly Tree[] =>
  containers.map((container, index) => {
    const { name, image } = container;
    const chosen = imageOf({
      name: typeof name === 'string' ? name : String(index),
      image: typeof image === 'string' ? image : undefined,
    });
    return chosen === undefined ? container : { ...container, image: chosen };
  });
