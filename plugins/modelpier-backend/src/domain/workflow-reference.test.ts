import type { Entity } from '@backstage/catalog-model';
import { ROLLBACK_WORKFLOW_ANNOTATION } from '@modelpier/backstage-plugin-modelpier-common';
import { readWorkflow } from './workflow-reference';

const HOME = 'url:https://github.com/acme/mnist/tree/main/catalog-info.yaml';
const rules = { hosts: new Set(['github.com', 'ghe.test']), repositories: ['github.com/shared/*'] };
const entityWith = (annotations: Readonly<Record<string, string>>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'mnist', annotations: { 'backstage.io/managed-by-location': HOME, ...annotations } },
});
const read = (annotations: Readonly<Record<string, string>>) =>
  readWorkflow(entityWith(annotations), ROLLBACK_WORKFLOW_ANNOTATION, rules);
const named = (workflow: string) => ({ [ROLLBACK_WORKFLOW_ANNOTATION]: workflow });

it('takes the workflow of the repository that the entity was read from', () => {
  const place = { host: 'github.com', owner: 'acme', repository: 'mnist' };
  expect(read(named('rollback.yml'))).toEqual({ ...place, workflow: 'rollback.yml', ref: 'main' });
  expect(read(named('back.yaml@release/1'))).toEqual({ ...place, workflow: 'back.yaml', ref: 'release/1' });
  const same = { ...named('rollback.yml'), 'github.com/project-slug': 'Acme/MNIST' };
  expect(read(same)).toMatchObject({ owner: 'Acme', repository: 'MNIST' });
});

it('takes another repository only where the configuration lists it', () => {
  const shared = { ...named('rollback.yml'), 'github.com/project-slug': 'shared/models' };
  expect(read(shared)).toMatchObject({ owner: 'shared', repository: 'models' });
  const others = { ...named('rollback.yml'), 'github.com/project-slug': 'victim/secrets' };
  expect(() => read(others)).toThrow('the entity was not read from github.com/victim/secrets');
  const prefix = { ...named('rollback.yml'), 'github.com/project-slug': 'shared-evil/models' };
  expect(() => read(prefix)).toThrow('was not read from');
});

it.each([
  '../../../user/repos',
  'rollback.yml/../../x',
  '.github/workflows/rollback.yml',
  'rollback.sh',
  'rollback.yml@a..b',
  'rollback.yml@../x',
  'rollback.yml?x=1',
  'rollback.yml#x',
  '%2e%2e%2fx.yml',
  '',
])('refuses %j as a workflow', workflow => {
  expect(() => read(named(workflow))).toThrow('is not a workflow');
});

it.each(['acme', 'acme/mnist/extra', '../mnist', 'acme/..', 'acme/mnist?x', 'acme@evil.test/mnist'])(
  'refuses %j as a repository',
  slug => {
    const annotations = { ...named('rollback.yml'), 'github.com/project-slug': slug };
    expect(() => read(annotations)).toThrow('is not a repository');
  },
);

it.each([
  [
    'a host without an integration',
    'url:https://evil.test/acme/mnist/tree/main/x.yaml',
    'no GitHub integration',
  ],
  [
    'a metadata address',
    'url:https://169.254.169.254/acme/mnist/x.yaml',
    'no GitHub integration for 169.254.169.254',
  ],
  ['plain HTTP', 'url:http://github.com/acme/mnist/x.yaml', 'nothing says'],
  [
    'a name and password',
    'url:https://github.com@evil.test/acme/mnist/x',
    'no GitHub integration for evil.test',
  ],
  ['a file', 'file:/etc/catalog-info.yaml', 'nothing says'],
])('starts nothing of an entity from %s', (_, location, message) => {
  const annotations = { ...named('rollback.yml'), 'backstage.io/managed-by-location': location };
  expect(() => read(annotations)).toThrow(message);
});

it('says which annotation is missing', () => {
  expect(() => read({})).toThrow(`the entity has no annotation ${ROLLBACK_WORKFLOW_ANNOTATION}`);
});
