import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { withPortProtocols } from './port-protocol';

const service = (ports: unknown): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'mnist' },
  spec: { ports },
});

it('writes the default protocol on the ports of a Service that leave it out', () => {
  const written = service([
    { port: 80, protocol: 'TCP' },
    { port: 53, protocol: 'UDP' },
  ]);
  expect(withPortProtocols(service([{ port: 80 }, { port: 53, protocol: 'UDP' }]))).toEqual(written);
});

it.each([
  ['a Service without ports', service(undefined)],
  ['ports that are no list, for the server to refuse', service('80')],
  ['a kind of another group', { ...service([{ port: 80 }]), apiVersion: 'serving.knative.dev/v1' }],
])('leaves %s as it is', (_name, object) => {
  expect(withPortProtocols(object)).toBe(object);
});
