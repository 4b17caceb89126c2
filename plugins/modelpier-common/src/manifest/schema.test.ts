// cspell:ignore replcias imgae contianers protcol Pul

import { nearestName } from './nearest-name';
import { schemasOf, unknownFields } from './schema';

const KIND = { 'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }] };
const schemas = schemasOf({
  definitions: {
    Deployment: { ...KIND, properties: { apiVersion: {}, kind: {}, spec: { $ref: '#/definitions/Spec' } } },
    Spec: {
      properties: {
        replicas: {},
        labels: { additionalProperties: { type: 'string' } },
        containers: { items: { allOf: [{ $ref: '#/definitions/Container' }] } },
        free: { type: 'object', properties: { a: {} }, 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    Container: { properties: { name: {}, image: {}, again: { $ref: '#/definitions/Loop' } } },
    Loop: { $ref: '#/definitions/Loop' },
  },
});
const deployment = (spec: object): Readonly<Record<string, unknown>> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec,
});

it('finds every field that the kind does not have, at every depth, with what was meant', () => {
  const object = deployment({ replcias: 1, containers: [{ name: 'a' }, { imgae: 'x', wholly: 'other' }] });
  expect(unknownFields(object, schemas)).toEqual([
    { path: ['spec', 'replcias'], nearest: 'replicas' },
    { path: ['spec', 'containers', 1, 'imgae'], nearest: 'image' },
    { path: ['spec', 'containers', 1, 'wholly'], nearest: undefined },
  ]);
});

it('takes any field where the schema does', () => {
  const object = deployment({ labels: { any: 'x' }, free: { b: 1 }, containers: [{ again: { c: 1 } }] });
  expect(unknownFields(object, schemas)).toEqual([]);
});

it('says nothing of a kind that it does not know', () => {
  expect(unknownFields({ ...deployment({ a: 1 }), apiVersion: 'extensions/v1' }, schemas)).toBeUndefined();
  expect(schemasOf('a page of a proxy')).toEqual({});
});

it('reads version 3 of the document too', () => {
  expect(schemasOf({ components: { schemas: { A: {} } } })).toEqual({ A: {} });
});

it.each([
  ['replcias', 'replicas'],
  ['imagePulPolicy', 'imagePullPolicy'],
  ['contianers', 'containers'],
  ['protcol', 'protocol'],
  ['Image', 'image'],
  ['volumes', undefined],
])('takes %s for %s', (written, meant) => {
  const known = ['replicas', 'imagePullPolicy', 'containers', 'protocol', 'image', 'env'];
  expect(nearestName(written, known)).toBe(meant);
});
