import { routes } from './routes';

const entity = { kind: 'component', namespace: 'default', name: 'mnist-mlp' };

it('names every path of a model', () => {
  const paths = [
    routes.model(entity),
    routes.versions(entity),
    routes.version(entity, `sha256:${'a'.repeat(64)}`),
    routes.diff(entity, `sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`),
    routes.deployments(entity),
    routes.releases(entity),
    routes.history(entity),
    routes.allocation(entity),
    routes.reuse(entity),
    routes.refresh(entity),
    routes.rollback(entity),
    routes.promote(entity),
  ];
  const model = '/v1/models/default/component/mnist-mlp';
  expect(paths).toEqual([
    model,
    `${model}/versions`,
    `${model}/versions/sha256%3A${'a'.repeat(64)}`,
    `${model}/versions/sha256%3A${'a'.repeat(64)}/diff/sha256%3A${'b'.repeat(64)}`,
    `${model}/deployments`,
    `${model}/releases`,
    `${model}/history`,
    `${model}/allocation`,
    `${model}/reuse`,
    `${model}/refresh`,
    `${model}/rollback`,
    `${model}/promote`,
  ]);
});

it('encodes the separators in a name, so that it stays one segment', () => {
  const hostile = { kind: 'a/b', namespace: '..?x=1', name: '%2e#é' };
  expect(routes.model(hostile)).toBe('/v1/models/..%3Fx%3D1/a%2Fb/%252e%23%C3%A9');
  expect(routes.version(entity, '../../secrets')).toBe(
    '/v1/models/default/component/mnist-mlp/versions/..%2F..%2Fsecrets',
  );
});
