import { parseModel, parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import { ejectManifests } from './eject';
import { generateManifests } from './generate';
import { parseManifests } from './parse-manifests';
import { pinImage } from './pin-image';

const image = parseReference(`ghcr.io/acme/mnist:1.4.0@sha256:${'a'.repeat(64)}`);
const generated = generateManifests({
  model: parseModel({
    apiVersion: 'modelpier.io/v1',
    kind: 'Model',
    metadata: { name: 'mnist' },
    spec: { files: ['model.pt'], scaling: { maxReplicas: 3 } },
  }),
  image,
  namespace: 'shop',
  runFacts: { model: 'mnist', version: '1.4.0', image: 'x', deployedAt: '2026-03-01T12:00:00Z' },
  served: ['autoscaling/v2', 'policy/v1'],
});

it('writes a file that makes the same objects again, in whatever namespace', () => {
  const ejected = ejectManifests(generated, image);
  const faults: never[] = [];
  const loaded = parseManifests(ejected, 'deploy.yaml', faults).map(({ object }) => object);
  expect(faults).toEqual([]);
  const bare = generated.map(object => ({
    ...object,
    metadata: { name: object.metadata.name, labels: object.metadata.labels },
  }));
  expect(pinImage(loaded, { image })).toEqual(bare);
});

it('says nothing of one release', () => {
  const ejected = ejectManifests(generated, image);
  expect(ejected).toMatch(/^apiVersion: v1\nkind: Service\nmetadata:\n {2}name: mnist\n/);
  expect(ejected).toContain('image: ghcr.io/acme/mnist\n');
  expect(ejected).not.toMatch(/sha256|shop|1\.4\.0|&/);
});
