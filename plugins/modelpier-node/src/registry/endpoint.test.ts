import { parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import { createEndpoints, repositoryUrl } from './endpoint';

const endpoints = createEndpoints(['registry.lan:5000']);

it.each([
  ['ghcr.io/acme/app', 'https://ghcr.io/v2/acme/app/manifests/v1'],
  ['ubuntu', 'https://registry-1.docker.io/v2/library/ubuntu/manifests/v1'],
  ['localhost:5000/app', 'http://localhost:5000/v2/app/manifests/v1'],
  ['127.0.0.1/app', 'http://127.0.0.1/v2/app/manifests/v1'],
  ['[::1]:5000/app', 'http://[::1]:5000/v2/app/manifests/v1'],
  ['registry.lan:5000/app', 'http://registry.lan:5000/v2/app/manifests/v1'],
  ['registry.lan:5001/app', 'https://registry.lan:5001/v2/app/manifests/v1'],
  ['localhost.example.com/app', 'https://localhost.example.com/v2/app/manifests/v1'],
  ['127.0.0.1.example.com/app', 'https://127.0.0.1.example.com/v2/app/manifests/v1'],
])('finds the manifests of %s', (reference, url) => {
  expect(repositoryUrl(endpoints, parseReference(reference), 'manifests/v1').href).toBe(url);
});

it.each([
  ['https://ghcr.io/', 'https://store.example/b', true],
  ['http://localhost:5000/', 'https://store.example/b', true],
  ['http://localhost:5000/', 'http://127.0.0.1:9000/b', true],
  ['http://localhost:5000/', 'http://store.example/b', false],
  ['http://localhost:5000/', 'http://169.254.169.254/latest/meta-data/', false],
  ['https://ghcr.io/', 'https://169.254.169.254/latest/meta-data/', false],
  ['http://localhost:5000/', 'https://[fe80::1]/', false],
  ['https://ghcr.io/', 'http://ghcr.io/b', false],
  ['https://ghcr.io/', 'http://127.0.0.1/b', false],
  ['https://ghcr.io/', 'http://registry.lan:5000/b', false],
  ['http://localhost:5000/', 'file:///etc/passwd', false],
])('sent from %s to %s: visited is %s', (from, to, isVisited) => {
  const visit = () => endpoints.assertMayVisit(new URL(to), new URL(from));
  if (isVisited) expect(visit).not.toThrow();
  else expect(visit).toThrow(/ points to /);
});
