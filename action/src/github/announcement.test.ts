import { Announcement, announcementTarget } from './announcement';
import { readContext } from './context';
import { openDeployment } from './deployments';
import { COMMIT, onGithub, RUN, type Stage, TARGET } from './github.fixture';

const JOB = { ref: COMMIT, environment: 'staging', run: RUN };

function announce({ github }: Stage, { reuse = true } = {}) {
  const warnings: string[] = [];
  const begun: number[] = [];
  const announcement = new Announcement({
    github: github.repos,
    target: TARGET,
    reuse,
    environmentUrl: undefined,
    onWarning: warning => warnings.push(warning),
    onBegun: id => begun.push(id),
  });
  return { announcement, warnings, begun };
}

const statesOf = ({ server }: Stage): readonly string[] | undefined =>
  server.deployments.at(-1)?.statuses.map(({ state }) => state);

it('goes from in progress to its end', () =>
  onGithub(async stage => {
    const { announcement, begun } = announce(stage);
    await announcement.begin('Deploying');
    expect(begun).toEqual([1]);
    expect(await announcement.end('success', 'healthy')).toBe(true);
    expect(statesOf(stage)).toEqual(['in_progress', 'success']);
  }));

it('ends the deployments before it in this environment, and in no other', () =>
  onGithub(async stage => {
    const [first, second] = [announce(stage), announce(stage)];
    const other = stage.server.startJob({ ...JOB, environment: 'demo' });
    await stage.github.repos.createDeploymentStatus({
      ...TARGET,
      deployment_id: other.id,
      state: 'success',
    });
    for (const { announcement } of [first, second]) {
      await announcement.begin('Deploying');
      await announcement.end('success', 'healthy');
    }
    const states = stage.server.deployments.map(({ statuses }) => statuses.at(-1)?.state);
    expect(states).toEqual(['success', 'inactive', 'success']);
  }));

it('leaves the deployment before it active where it fails', () =>
  onGithub(async stage => {
    const [before, failed] = [announce(stage), announce(stage)];
    await before.announcement.begin('Deploying');
    await before.announcement.end('success', 'healthy');
    await failed.announcement.begin('Deploying');
    await failed.announcement.end('failure', 'rolled back');
    expect(stage.server.deployments[0]?.statuses.at(-1)?.state).toBe('success');
  }));

it("tells the job's own deployment why a run failed that never came to deploy", () =>
  onGithub(async stage => {
    stage.server.startJob(JOB);
    const { announcement } = announce(stage);
    expect(await announcement.end('error', 'the base image is not there')).toBe(true);
    expect(stage.server.deployments).toHaveLength(1);
    expect(stage.server.deployments[0]?.statuses.at(-1)).toMatchObject({
      state: 'error',
      description: 'the base image is not there',
    });
  }));

it('makes no deployment for a run that never came to deploy', () =>
  onGithub(async stage => {
    expect(await announce(stage).announcement.end('error', 'no such file')).toBe(true);
    expect(stage.server.deployments).toEqual([]);
  }));

it('finds the deployment that a killed step made and never heard of', () =>
  onGithub(async stage => {
    await openDeployment(stage.github.repos, TARGET, { reuse: true });
    await announce(stage).announcement.end('error', 'the run was ended');
    expect(stage.server.deployments.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ['error'],
    ]);
  }));

it('says that GitHub does not know the end, so that the post step tries again', () =>
  onGithub(async stage => {
    const { announcement } = announce(stage);
    await announcement.begin('Deploying');
    stage.server.deny(503);
    expect(await announcement.end('success', 'healthy')).toBe(false);
    stage.server.deny(undefined);
    const { announcement: ofPostStep } = announce(stage);
    ofPostStep.resume(1);
    await ofPostStep.end('success', 'healthy');
    expect(statesOf(stage)).toEqual(['in_progress', 'success']);
  }));

it('warns once, names the permission, and asks no more', () =>
  onGithub(async stage => {
    stage.server.deny(403);
    const { announcement, warnings } = announce(stage);
    await announcement.begin('Deploying');
    await announcement.end('success', 'healthy');
    expect(warnings).toEqual([expect.stringContaining('`deployments: write`')]);
    expect(stage.server.requests).toHaveLength(1);
  }));

it('is announced only where GitHub can know what is meant', () => {
  const folders = { cwd: '/work', tmp: '/tmp' };
  const inRun = readContext(
    { GITHUB_REPOSITORY: 'acme/mnist', GITHUB_SHA: COMMIT, GITHUB_RUN_ID: '7' },
    folders,
  );
  expect(announcementTarget(inRun, { ...TARGET })).toEqual({
    ...TARGET,
    runUrl: 'https://github.com/acme/mnist/actions/runs/7',
  });
  expect(announcementTarget(inRun, { ...TARGET, environment: undefined })).toBeUndefined();
  expect(announcementTarget(readContext({}, folders), TARGET)).toBeUndefined();
});
