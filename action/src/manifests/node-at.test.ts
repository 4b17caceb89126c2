import { parseFieldPath } from '@modelpier/backstage-plugin-modelpier-common';
import { parseManifests } from './parse-manifests';

const SOURCE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: mnist
spec:
  ports:
    - name: http
      port: 80
    - port: 81
      protocol: UDP
  containers:
    - name: main
      image: a
    - name: proxy
      # what it runs
      image: b
`;
const [loaded] = parseManifests(SOURCE, 'a.yaml', []);

it.each([
  ['spec.containers', 11],
  ['spec.containers[1].image', 16],
  ['.spec.containers[name="proxy"].image', 16],
  ['.spec.ports[port=80,protocol="TCP"].name', 7],
  ['.spec.ports[port=81,protocol="UDP"].protocol', 10],
  ['spec.containers[1].resources.limits', 14],
  ['spec.containers[7].image', 11],
  ['nothing.of.it', 1],
])('finds the line of %s, or of what is around it', (path, line) => {
  expect(loaded?.locate(parseFieldPath(path))).toMatchObject({ file: 'a.yaml', line });
});

it('finds fields of the items of a list, each in its own', () => {
  const list = `kind: List\nitems:\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n- apiVersion: v1\n  kind: A\n  metadata:\n    name: b\n  data: {}\n`;
  const objects = parseManifests(list, 'list.yaml', []);
  expect(objects.map(({ locate }) => locate(['data']).line)).toEqual([3, 8]);
});
