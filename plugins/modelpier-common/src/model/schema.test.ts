import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModel } from './model';
import { ACCEPTED, REFUSED, withValue } from './model.fixture';

/** `schemas/model.schema.json` is written by hand for editors; these tests keep it equal to the decoder. */
interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}
const file = join(__dirname, '../../../../schemas/model.schema.json');
const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
const isAccepted = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

it.each(ACCEPTED)('takes %s, as the decoder does', (_what, document) => {
  expect(isAccepted(document)).toBe(true);
});

it.each(REFUSED.filter(([, , , note]) => note === undefined))(
  'refuses %s = %j, as the decoder does',
  (path, value) => {
    expect(isAccepted(withValue(path, value))).toBe(false);
  },
);

it.each(['/etc/passwd', '../other', 'a/../../b', 'a\\..\\b', 'C:\\model.pt', '', '..'])(
  'refuses the file %j, as the decoder does',
  path => {
    expect(isAccepted(withValue('spec.files', [path]))).toBe(false);
  },
);

/** The fields of an object as the decoder knows them, from what it says to an unknown one. */
function knownFields(path: string): readonly string[] {
  const document = withValue(path === '' ? 'unheard' : `${path}.unheard`, 1);
  try {
    parseModel(document);
  } catch (error) {
    const listed = /unheard: unknown field; known are ([^;]+)/.exec((error as Error).message)?.[1];
    if (listed !== undefined) return listed.split(', ').sort();
  }
  throw new Error(`the decoder takes any field at ${path}`);
}

function objectsOf(path: string, node: Schema): readonly [path: string, fields: readonly string[]][] {
  const target = node.$ref === undefined ? node : schema.definitions?.[node.$ref.split('/')[2] ?? ''];
  if (target?.items !== undefined) return objectsOf(`${path}.0`, target.items);
  const { properties } = target ?? {};
  if (properties === undefined) return [];
  return [
    [path, Object.keys(properties).sort()],
    ...Object.entries(properties).flatMap(([key, child]) =>
      objectsOf(path === '' ? key : `${path}.${key}`, child),
    ),
  ];
}

it.each(objectsOf('', schema))('knows the same fields of %j', (path, fields) => {
  expect(fields).toEqual(knownFields(path));
});
