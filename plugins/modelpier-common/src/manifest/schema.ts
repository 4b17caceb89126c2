import { isTree, type Tree } from '../parse/tree';
import type { FieldPath } from './field-path';
import { nearestName } from './nearest-name';

/** The kinds of an OpenAPI document by name: `definitions` in version 2, `components.schemas` in 3. */
export type Schemas = Tree;

/** A field that its kind does not have. */
export interface UnknownField {
  readonly path: FieldPath;
  /** The field that was most likely meant. */
  readonly nearest: string | undefined;
}

/** The schemas of a cluster's OpenAPI document, of either version; none where it is no such document. */
export function schemasOf(document: unknown): Schemas {
  if (!isTree(document)) return {};
  const { definitions, components } = document;
  if (isTree(definitions)) return definitions;
  return isTree(components) && isTree(components['schemas']) ? components['schemas'] : {};
}

/** Each field of an object that its kind does not have; `undefined` where the kind's schema is not known. */
export function unknownFields(object: Tree, schemas: Schemas): readonly UnknownField[] | undefined {
  const schema = schemaOfKind(object, schemas);
  if (schema === undefined) return undefined;
  return unknownIn(object, { schema, schemas, path: [] });
}

function schemaOfKind({ apiVersion, kind }: Tree, schemas: Schemas): Tree | undefined {
  const [version, group = ''] = String(apiVersion).split('/').reverse();
  return Object.values(schemas)
    .filter(isTree)
    .find(({ ['x-kubernetes-group-version-kind']: kinds }) =>
      (Array.isArray(kinds) ? kinds : []).some(
        (each: unknown) =>
          isTree(each) && each['kind'] === kind && each['version'] === version && each['group'] === group,
      ),
    );
}

interface Place {
  readonly schema: unknown;
  readonly schemas: Schemas;
  readonly path: FieldPath;
}

function unknownIn(value: unknown, place: Place): readonly UnknownField[] {
  const schema = resolve(place.schema, place.schemas);
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      unknownIn(item, { ...place, schema: schema['items'], path: [...place.path, index] }),
    );
  }
  if (!isTree(value)) return [];
  const { properties, additionalProperties } = schema;
  const declared = isTree(properties) ? properties : {};
  const isOpen = !isTree(properties) || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return Object.entries(value).flatMap(([key, item]) => {
    const path = [...place.path, key];
    if (Object.hasOwn(declared, key)) return unknownIn(item, { ...place, schema: declared[key], path });
    if (isTree(additionalProperties))
      return unknownIn(item, { ...place, schema: additionalProperties, path });
    if (isOpen || isIgnored(key, schema)) return [];
    return [{ path, nearest: nearestName(key, Object.keys(declared)) }];
  });
}

/** An object embedded in another has these whether or not its schema lists them. */
const isIgnored = (key: string, schema: Tree): boolean =>
  schema['x-kubernetes-embedded-resource'] === true && ['apiVersion', 'kind', 'metadata'].includes(key);

/** More references than this lead in a circle. */
const MOST_REFERENCES = 8;

/** References stand alone (version 2) or in an `allOf` of one (version 3). */
function resolve(schema: unknown, schemas: Schemas, references = 0): Tree {
  if (!isTree(schema) || references > MOST_REFERENCES) return {};
  const { $ref, allOf } = schema;
  if (typeof $ref === 'string') {
    return resolve(schemas[$ref.slice($ref.lastIndexOf('/') + 1)], schemas, references + 1);
  }
  const [only, ...others] = Array.isArray(allOf) ? (allOf as unknown[]) : [];
  return only !== undefined && others.length === 0 ? resolve(only, schemas, references + 1) : schema;
}
