import { parseReference, templateContainers } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { pinImage } from './pin-image';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const image = parseReference(`my.repo.com:1234/acme/mnist:1.4.0@${DIGEST}`);
const PINNED = `my.repo.com:1234/acme/mnist@${DIGEST}`;

const podSpec = (images: Readonly<Record<string, string>>): Record<string, unknown> => ({
  containers: Object.entries(images).map(([name, each]) => ({ name, image: each, args: ['--port'] })),
});
const object = (kind: string, spec: Record<string, unknown>): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'mnist' },
  spec,
});
const deployment = (images: Readonly<Record<string, string>>): KubernetesObject =>
  object('Deployment', { template: { spec: podSpec(images) } });
const imagesOf = (objects: readonly KubernetesObject[]): Record<string, string | undefined> =>
  Object.fromEntries(objects.flatMap(templateContainers).map(({ name, image: each }) => [name, each]));

it('sets the digest on containers of the same repository, with or without a tag or another digest', () => {
  const objects = [
    deployment({
      bare: 'my.repo.com:1234/acme/mnist',
      tagged: 'my.repo.com:1234/acme/mnist:latest',
      digested: `my.repo.com:1234/acme/mnist@sha256:${'b'.repeat(64)}`,
    }),
  ];
  expect(imagesOf(pinImage(objects, { image }))).toEqual({ bare: PINNED, tagged: PINNED, digested: PINNED });
});

it.each([
  ['another repository of the registry', 'my.repo.com:1234/acme/sidecar:9'],
  ['a repository whose name begins alike', 'my.repo.com:1234/acme/mnist-proxy:9'],
  ['a repository below', 'my.repo.com:1234/acme/mnist/proxy'],
  ['the same path on another port', 'my.repo.com:4321/acme/mnist'],
  ['the same path on another host', 'repo.com:1234/acme/mnist'],
  ['a host that reads like an image and a tag', 'my.repo.com:1234'],
  ['a placeholder', '${IMAGE}'],
])('never touches %s', (_what, other) => {
  const objects = [deployment({ model: 'my.repo.com:1234/acme/mnist', other })];
  expect(imagesOf(pinImage(objects, { image }))).toEqual({ model: PINNED, other });
});

it('knows the short names of Docker Hub for what they are', () => {
  const hub = parseReference(`docker.io/library/mnist@${DIGEST}`);
  expect(imagesOf(pinImage([deployment({ model: 'mnist:1' })], { image: hub }))).toEqual({
    model: `docker.io/library/mnist@${DIGEST}`,
  });
});

it.each<[string, Record<string, unknown>]>([
  ['Pod', podSpec({ model: 'my.repo.com:1234/acme/mnist' })],
  ['StatefulSet', { template: { spec: podSpec({ model: 'my.repo.com:1234/acme/mnist' }) } }],
  ['Job', { template: { spec: podSpec({ model: 'my.repo.com:1234/acme/mnist' }) } }],
  [
    'CronJob',
    { jobTemplate: { spec: { template: { spec: podSpec({ model: 'my.repo.com:1234/acme/mnist' }) } } } },
  ],
  [
    'Deployment',
    {
      template: {
        spec: {
          containers: [],
          initContainers: podSpec({ model: 'my.repo.com:1234/acme/mnist' })['containers'],
        },
      },
    },
  ],
  // Kinds of others: Argo, Knative (which needs no names), KServe, and one with pods in lists.
  ['Rollout', { template: { spec: podSpec({ model: 'my.repo.com:1234/acme/mnist' }) } }],
  ['InferenceService', { predictor: podSpec({ model: 'my.repo.com:1234/acme/mnist' }) }],
  [
    'Ensemble',
    {
      predictors: [{ componentSpecs: [{ spec: podSpec({ model: 'my.repo.com:1234/acme/mnist' }) }] }],
    },
  ],
])('finds the containers of a %s', (kind, spec) => {
  expect(imagesOf(pinImage([object(kind, spec)], { image }))).toEqual({ model: PINNED });
});

it('knows a container without a name by its place', () => {
  const service = object('Service', { template: { spec: { containers: [{ image: 'old.example/m:1' }] } } });
  const [pinned] = pinImage([service], { image, containers: ['Service/mnist/0'] });
  expect(pinned?.['spec']).toEqual({ template: { spec: { containers: [{ image: PINNED }] } } });
});

it.each([
  [
    'ephemeral containers',
    { ephemeralContainers: [{ name: 'debug', image: 'my.repo.com:1234/acme/mnist' }] },
  ],
  ['a list of another meaning', { containers: [{ port: 80 }, 'my.repo.com:1234/acme/mnist'] }],
])('leaves %s alone', (_what, fields) => {
  const other = object('Gadget', fields);
  const [, left] = pinImage([deployment({ model: 'my.repo.com:1234/acme/mnist' }), other], { image });
  expect(left).toEqual(other);
});

it('takes no schema and no status for pods', () => {
  const containers = [{ name: 'a', image: 'my.repo.com:1234/acme/mnist' }];
  const others = [
    object('CustomResourceDefinition', { example: { containers } }),
    { ...object('Gadget', {}), status: { containers } },
  ];
  expect(others.flatMap(templateContainers)).toEqual([]);
});

it('changes nothing but the image', () => {
  const [pinned] = pinImage([deployment({ model: 'my.repo.com:1234/acme/mnist' })], { image });
  expect(pinned).toEqual(deployment({ model: PINNED }));
});

it('sets the named containers alone, whatever image they had', () => {
  const objects = [deployment({ model: 'old.example/m:1', other: 'my.repo.com:1234/acme/mnist' })];
  expect(imagesOf(pinImage(objects, { image, containers: ['Deployment/mnist/model'] }))).toEqual({
    model: PINNED,
    other: 'my.repo.com:1234/acme/mnist',
  });
});

it('says what there is where nothing matches', () => {
  expect(() => pinImage([deployment({ model: 'myregistry/model:latest' })], { image })).toThrow(
    "set the image in the manifests: no container's image is of my.repo.com:1234/acme/mnist; there are Deployment/mnist/model (myregistry/model:latest)",
  );
});

it('says so where a named container is not there, even if another one is', () => {
  const objects = [deployment({ model: 'a/b' })];
  const containers = ['Deployment/mnist/model', 'Deployment/mnist/modle'];
  expect(() => pinImage(objects, { image, containers })).toThrow(
    'there is no container Deployment/mnist/modle;',
  );
});
