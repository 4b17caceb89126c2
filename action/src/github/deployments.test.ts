import { findDeployment, openDeployment, setDeploymentState } from './deployments';
import { COMMIT, onGithub, RUN, TARGET } from './github.fixture';

const AUTO = { reuse: true };
const STATUS = { logUrl: RUN, environmentUrl: 'https://mnist.test', description: 'x'.repeat(200) };
const JOB = { ref: COMMIT, environment: 'staging', run: RUN };

it('creates a deployment and sets its states', () =>
  onGithub(async ({ server, github: { repos } }) => {
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: 1 });
    await setDeploymentState(repos, { ...TARGET, id: 1 }, 'in_progress', STATUS);
    await setDeploymentState(repos, { ...TARGET, id: 1 }, 'success', STATUS);
    const [{ statuses } = { statuses: [] }] = server.deployments;
    expect(statuses.map(({ state }) => state)).toEqual(['in_progress', 'success']);
    expect(statuses[0]).toMatchObject({ log_url: RUN, environment_url: 'https://mnist.test' });
    expect(statuses[0]?.description).toHaveLength(140);
  }));

it('uses the deployment that the environment of this very job made', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.startJob({ ...JOB, run: `${RUN}0` });
    const own = server.startJob(JOB);
    server.startJob({ ...JOB, environment: 'production' });
    server.startJob({ ...JOB, ref: 'b'.repeat(40) });
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: own.id });
    expect(await findDeployment(repos, TARGET, AUTO)).toEqual({ value: own.id });
    expect(server.deployments).toHaveLength(4);
  }));

it('uses the one of the newest attempt where a run was started again', () =>
  onGithub(async ({ server, github: { repos } }) => {
    const first = server.startJob(JOB);
    await setDeploymentState(repos, { ...TARGET, id: first.id }, 'failure', STATUS);
    const second = server.startJob(JOB);
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: second.id });
  }));

it('takes the one that is still open among those of a matrix', () =>
  onGithub(async ({ server, github: { repos } }) => {
    const open = server.startJob(JOB);
    const ended = server.startJob(JOB);
    await setDeploymentState(repos, { ...TARGET, id: ended.id }, 'success', STATUS);
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: open.id });
  }));

it('goes on with that of the job after another step has ended it', () =>
  onGithub(async ({ server, github: { repos } }) => {
    const { id } = server.startJob(JOB);
    await setDeploymentState(repos, { ...TARGET, id }, 'success', STATUS);
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: id });
  }));

it('never goes on with one that an earlier run of Modelpier made', () =>
  onGithub(async ({ github: { repos } }) => {
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: 1 });
    await setDeploymentState(repos, { ...TARGET, id: 1 }, 'in_progress', STATUS);
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: 2 });
  }));

it('makes a new one where that is asked for', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.startJob(JOB);
    expect(await openDeployment(repos, TARGET, { reuse: false })).toEqual({ value: 2 });
  }));

it('makes no second one where only the answer to the first was lost', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.plant({ method: 'POST', path: /deployments$/, status: 502, times: 1, afterwards: true });
    expect(await openDeployment(repos, TARGET, AUTO)).toEqual({ value: 1 });
    server.plant({ method: 'POST', path: /deployments$/, status: 502, times: 1 });
    expect(await openDeployment(repos, { ...TARGET, begunAt: 'later' }, AUTO)).toEqual({ value: 2 });
    expect(server.deployments).toHaveLength(2);
  }));

it.each([
  [403, 'deployments: write'],
  [404, 'deployments: write'],
  [401, 'github-token'],
  [422, 'no such ref'],
])('warns of what helps when GitHub answers %d', (status, words) =>
  onGithub(async ({ server, github: { repos } }) => {
    server.plant({ status, message: 'no such ref' });
    expect(await openDeployment(repos, TARGET, AUTO)).toHaveProperty(
      'warning',
      expect.stringContaining(words),
    );
    const set = await setDeploymentState(repos, { ...TARGET, id: 1 }, 'success', STATUS);
    expect(set).toHaveProperty('warning', expect.stringContaining('set the GitHub Deployment to success'));
  }),
);
