import { getOctokit } from '@actions/github';
import { type GithubServer, startGithub } from '../../../test/servers/github/server';
import { type DeploymentsPort, openDeployment, setDeploymentState } from './deployments';

const TARGET = { owner: 'acme', repo: 'mnist', ref: 'a'.repeat(40), environment: 'staging' };
const STATUS = { logUrl: 'https://ci.example/1', environmentUrl: undefined, description: 'x'.repeat(200) };
let github: GithubServer;
let port: DeploymentsPort;

beforeEach(async () => {
  github = await startGithub({ token: 'secret' });
  port = getOctokit('secret', { baseUrl: github.url, log: { debug() {}, info() {}, warn() {}, error() {} } })
    .rest.repos;
});
afterEach(() => github.close());

it('creates a deployment and sets its states', async () => {
  const opened = await openDeployment(port, TARGET);
  expect(opened).toEqual({ value: 1 });
  await setDeploymentState(port, { ...TARGET, id: 1 }, 'in_progress', STATUS);
  await setDeploymentState(port, { ...TARGET, id: 1 }, 'success', STATUS);
  expect(github.deployments[0]?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success']);
  expect(github.deployments[0]?.statuses[0]?.description).toHaveLength(140);
});

it('uses the deployment that the environment of the job already made', async () => {
  await openDeployment(port, TARGET);
  expect(await openDeployment(port, TARGET)).toEqual({ value: 1 });
  expect(github.deployments).toHaveLength(1);
});

it('warns and names the permission when GitHub refuses', async () => {
  github.deny(403);
  const opened = await openDeployment(port, TARGET);
  expect(opened).toHaveProperty('warning', expect.stringContaining('deployments: write'));
  const set = await setDeploymentState(port, { ...TARGET, id: 1 }, 'success', STATUS);
  expect(set).toHaveProperty('warning', expect.stringContaining('set the GitHub Deployment to success'));
});
