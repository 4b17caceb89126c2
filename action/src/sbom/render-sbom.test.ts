import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDigest, parseModel, parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { renderSbom } from './render-sbom';
import type { SbomSubject } from './sbom-subject';

const digestOf = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);

const MODEL = parseModel({
  apiVersion: 'modelpier.io/v1',
  kind: 'Model',
  metadata: { name: 'digits', title: 'Digits', description: 'Reads digits', licenses: 'MIT' },
  spec: {
    files: ['model.pt'],
    signature: {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 784] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 10] }],
    },
    metrics: { loss: 0.1, accuracy: 0.98 },
    training: { framework: 'PyTorch 2.4', dataset: 'MNIST', run: 'https://runs.example/1' },
  },
});

const SUBJECT: SbomSubject = {
  repository: { registry: 'registry.example:5000', path: 'acme/digits' },
  digest: digestOf('a'),
  model: MODEL,
  version: '1.0.0',
  modelDigest: digestOf('b'),
  facts: { format: 'torchscript', parameters: 7850, datatypes: { FP32: 7850 }, sizeBytes: 31_400 },
  scanVerdict: 'safe',
  files: [
    { path: 'words/café.txt', digest: digestOf('d') },
    { path: 'model.pt', digest: digestOf('c') },
  ],
  bases: [
    {
      reference: parseReference('ghcr.io/acme/torch:2'),
      digest: digestOf('e'),
      platform: 'linux/amd64',
      sboms: [{ digest: digestOf('f'), artifactType: 'application/spdx+json' }],
    },
  ],
  epochSeconds: 0,
};

/** The published schema, with a fault for every keyword and format that is not understood. */
function officialSchema(): ValidateFunction {
  const folder = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
  addFormats(ajv);
  ajv.addKeyword('meta:enum');
  // What no library checks as the schema means it.
  ajv.addFormat('iri-reference', true).addFormat('idn-email', true);
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(read('bom-1.6'));
}
const isValid = officialSchema();

interface Component {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly Component[];
  readonly [field: string]: unknown;
}
interface Sbom {
  readonly metadata: { readonly component: Component; readonly timestamp?: string };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}
const rendered = (change: Partial<SbomSubject> = {}): Sbom =>
  JSON.parse(Buffer.from(renderSbom({ ...SUBJECT, ...change })).toString('utf8')) as Sbom;

it.each<[string, Partial<SbomSubject>]>([
  ['all that is known', {}],
  ['nothing but a name', { model: bare(), facts: undefined, scanVerdict: undefined, bases: [] }],
  ['an expression of licences', { model: bare({ licenses: 'MIT OR Apache-2.0' }) }],
  ['a licence of its own', { model: bare({ licenses: 'for research alone' }) }],
  ['a time', { epochSeconds: 1_700_000_000 }],
])('is valid by the official schema with %s', (_, change) => {
  const valid = isValid(rendered(change));
  expect(isValid.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

it('is refused by the official schema where a field is wrong', () => {
  const sbom = rendered();
  expect(isValid({ ...sbom, components: [{ ...sbom.components[0], modelCard: { accuracy: 1 } }] })).toBe(
    false,
  );
});

it('is about the image, which has the model and stands on its base', () => {
  const { metadata, components, dependencies } = rendered();
  const image = `image:${SUBJECT.digest}`;
  expect(metadata.component).toMatchObject({
    type: 'container',
    name: 'registry.example:5000/acme/digits',
    version: SUBJECT.digest,
    purl: `pkg:oci/digits@sha256%3A${'a'.repeat(64)}?repository_url=registry.example%3A5000/acme/digits`,
  });
  expect(components.map(({ type, name }) => [type, name])).toEqual([
    ['container', 'ghcr.io/acme/torch'],
    ['machine-learning-model', 'digits'],
  ]);
  expect(dependencies.find(({ ref }) => ref === image)?.dependsOn).toEqual(['base:linux/amd64', 'model']);
  expect(components[0]).toMatchObject({
    hashes: [{ alg: 'SHA-256', content: 'e'.repeat(64) }],
    externalReferences: [{ type: 'bom', url: `oci://ghcr.io/acme/torch@${digestOf('f')}` }],
  });
});

it('has a model card of what was written and what the files say', () => {
  const model = rendered().components[1];
  expect(model?.['modelCard']).toEqual({
    modelParameters: {
      datasets: [{ type: 'dataset', name: 'MNIST' }],
      inputs: [{ format: 'x: FP32 [any, 784]' }],
      outputs: [{ format: 'y: FP32 [any, 10]' }],
    },
    quantitativeAnalysis: {
      performanceMetrics: [
        { type: 'accuracy', value: '0.98' },
        { type: 'loss', value: '0.1' },
      ],
    },
    properties: [
      { name: 'modelpier:datatypes', value: 'FP32=7850' },
      { name: 'modelpier:format', value: 'torchscript' },
      { name: 'modelpier:parameters', value: '7850' },
      { name: 'modelpier:training:framework', value: 'PyTorch 2.4' },
      { name: 'modelpier:training:run', value: 'https://runs.example/1' },
    ],
  });
  expect(model?.components?.map(({ name, hashes }) => [name, hashes])).toEqual([
    ['model.pt', [{ alg: 'SHA-256', content: 'c'.repeat(64) }]],
    ['words/café.txt', [{ alg: 'SHA-256', content: 'd'.repeat(64) }]],
  ]);
});

it('has the same bytes for the same subject, and another serial number for another', () => {
  const again = { ...SUBJECT, files: [...SUBJECT.files].reverse() };
  expect(renderSbom(again)).toEqual(renderSbom(SUBJECT));
  expect(renderSbom({ ...SUBJECT, version: '1.0.1' })).not.toEqual(renderSbom(SUBJECT));
  expect(rendered().metadata.timestamp).toBeUndefined();
});

function bare(metadata: { readonly licenses?: string } = {}): SbomSubject['model'] {
  const { apiVersion, kind } = MODEL;
  return parseModel({ apiVersion, kind, metadata: { name: 'bare', ...metadata }, spec: { files: ['m'] } });
}
