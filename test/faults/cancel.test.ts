import { ledgerName, parseLedger } from '@modelpier/backstage-plugin-modelpier-common';
import { type Ending, ENDINGS } from './endings';
import { isWhole } from '../servers/registry/sample-build';
import { emptyFiles, openStage, readReport, readSummary, type Stage, startPostStep, startStep } from './step';

/** Calls back once, when what is watched for is seen. */
type Moment = (stage: Stage, now: () => void) => void;

/** When a request is being served. */
const onPush = <T>(log: readonly T[], matches: (entry: T) => boolean, now: () => void): void => {
  const written = log as T[];
  const push = written.push.bind(written);
  written.push = (...entries) => {
    if (entries.some(matches)) now();
    return push(...entries);
  };
};
const toRegistry =
  (method: string, path: RegExp): Moment =>
  ({ server }, now) => {
    onPush(server.requests, at => at.method === method && path.test(at.path), now);
  };
const toCluster =
  (method: string, url: RegExp): Moment =>
  ({ cluster }, now) => {
    onPush(cluster.faults.requests, at => at.method === method && url.test(at.url), now);
  };
const toGithub =
  (request: RegExp): Moment =>
  ({ github }, now) => {
    onPush(github.requests, at => request.test(at), now);
  };

/** A model loads, and its pods run and are not ready. */
const whenRunning: Moment = ({ cluster }, now) => {
  const poll = setInterval(() => {
    const statuses = cluster.list('v1', 'Pod').map(({ status }) => status as { readonly phase?: string });
    if (!statuses.some(({ phase }) => phase === 'Running')) return;
    clearInterval(poll);
    now();
  }, 5);
  poll.unref();
};

const MOMENTS: Readonly<Record<string, Moment>> = {
  'while the base is read': toRegistry('GET', /runtime\/torch\/manifests/),
  'while a layer is sent': toRegistry('PATCH', /acme\/digits\/blobs/),
  'while a tag is written': toRegistry('PUT', /manifests\/1\.0\.0/),
  'while the cluster is asked what it serves': toCluster('GET', /^\/apis/),
  'while it takes the lease': toCluster('PATCH', /leases\//),
  'during the dry run': toCluster('PATCH', /dryRun=All/),
  'while its GitHub Deployment is made': toGithub(/^POST .*deployments$/),
  'while GitHub is told that it has begun': toGithub(/^POST .*statuses$/),
  'while the ledger is told that it begins': toCluster('PATCH', /configmaps\//),
  'while the service is applied': toCluster('PATCH', /services\/[^?]*\?(?!.*dryRun)/),
  'while the workload is applied': toCluster('PATCH', /deployments\/[^?]*\?(?!.*dryRun)/),
  'while its pods start': toCluster('GET', /pods\?.*watch/),
  'while its model loads': whenRunning,
};

const CASES = (Object.keys(ENDINGS) as (keyof typeof ENDINGS)[]).flatMap(ending =>
  Object.keys(MOMENTS).map(moment => [ending, moment] as const),
);

/** Three processes each, several at once, and a verdict that takes five seconds. */
const TIMEOUT_MS = 60_000;

it.concurrent.each(CASES)(
  'a release that is ended %s %s says so everywhere, and the next one ends healthy',
  async (ending, moment) => {
    const stage = await openStage({ timings: { startMs: 300, readyMs: 1_500 } });
    try {
      await endRelease(stage, { end: ENDINGS[ending], at: MOMENTS[moment] });
      await expectNoHalfImage(stage);
      expectNothingInProgress(stage);
      expectLeaseIsFree(stage);
      expect(await readSummary(stage)).toMatch(/failed|was ended before its verdict/);

      await emptyFiles(stage);
      expect(await startStep(stage).ended).toMatchObject({ exitCode: 0 });
      expect((await readReport(stage)).deployment?.status).toMatch(/^(healthy|unchanged)$/);
      expect(stage.github.deployments.at(-1)?.statuses.at(-1)?.state).toBe('success');
      expect(verdictsOf(stage)[0]).toMatch(/^(healthy|unchanged)$/);
    } finally {
      await stage.close();
    }
  },
  TIMEOUT_MS,
);

interface Cut {
  readonly end: Ending | undefined;
  readonly at: Moment | undefined;
}

/** The step, ended at a moment, and then its post step, as a runner goes on after a cancelled job. */
async function endRelease(stage: Stage, { end, at }: Cut): Promise<void> {
  await emptyFiles(stage);
  const step = startStep(stage);
  const ended = new Promise<void>((resolve, reject) => {
    let isEnding = false;
    at?.(stage, () => {
      if (isEnding) return;
      isEnding = true;
      end?.(step).then(() => resolve(), reject);
    });
    void step.ended.then(() => isEnding || reject(new Error('the moment never came')));
  });
  await ended;
  const { exitCode } = await step.ended;
  // A process that had to be killed has no exit code.
  expect(exitCode).toBe(end === ENDINGS['by SIGKILL'] ? null : 1);
  expect(await (await startPostStep(stage)).ended).toMatchObject({ exitCode: 0 });
}

async function expectNoHalfImage({ registry, repository }: Stage): Promise<void> {
  for (const tag of ['1.0.0', 'latest']) {
    if ((await registry.headManifest(repository, tag)) === undefined) continue;
    expect(await isWhole(registry, repository, tag)).toBe(true);
  }
}

function expectNothingInProgress(stage: Stage): void {
  const states = stage.github.deployments.map(({ statuses }) => statuses.at(-1)?.state);
  expect(states.filter(state => state !== 'error')).toEqual([]);
  expect(verdictsOf(stage).filter(verdict => verdict !== 'cancelled' && verdict !== 'interrupted')).toEqual(
    [],
  );
}

/** What the ledger says of each release, the newest first. */
function verdictsOf({ cluster }: Stage): readonly string[] {
  const found = cluster
    .list('v1', 'ConfigMap')
    .find(({ metadata }) => metadata.name === ledgerName('digits'));
  return found === undefined ? [] : parseLedger(found).releases.map(({ verdict }) => verdict);
}

/** The next release need not wait until it is over. */
function expectLeaseIsFree({ cluster }: Stage): void {
  const leases = cluster.list('coordination.k8s.io/v1', 'Lease');
  const holders = leases.map(
    ({ spec }) => (spec as { readonly holderIdentity?: string }).holderIdentity ?? '',
  );
  expect(holders.filter(holder => holder !== '')).toEqual([]);
}
