import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type GoldenRun, parseLedger } from '@modelpier/backstage-plugin-modelpier-common';
import { type ActionResult, releaseTag, runBundle } from '../../examples/demo/run-action';
import { run } from '../tools/command';
import { type Docker, startDocker } from './docker';
import { createIdentities, type Identities } from './identities';
import { kubectlJson } from './kubectl';
import { readyPods } from './pods';
import { BASE_IMAGE, NAMESPACE, REGISTRY, REPOSITORY_PATH as JOURNEY_PATH } from './real';
import { readRawManifest } from './registry-reader';

/** What PyTorch answers in real pods and in a real container engine, held against the golden file of the example. */
const FOLDER = join(__dirname, '../../.modelpier/e2e-golden');
const WORKSPACE = join(FOLDER, 'workspace');
const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'), 'index.js');
const EXAMPLE = resolve(__dirname, '../../examples/mnist-mlp');
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelpier');
const REPOSITORY_PATH = `${JOURNEY_PATH}-golden`;
const REPOSITORY = `${REGISTRY}/${REPOSITORY_PATH}`;

/** Reserves next to nothing, and has what it takes to load PyTorch. */
const MANIFESTS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: golden }
spec:
  replicas: 2
  progressDeadlineSeconds: 120
  selector: { matchLabels: { app: golden } }
  template:
    metadata: { labels: { app: golden } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: model
          image: ${REPOSITORY}
          ports: [{ name: http, containerPort: 8080 }]
          resources: { requests: { cpu: 10m, memory: 64Mi } }
          readinessProbe: { httpGet: { path: /v2/health/ready, port: http }, periodSeconds: 1 }
`;

let identities: Identities;
beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(WORKSPACE, { recursive: true });
  for (const file of ['model.yaml', 'model.pt', 'golden.json'])
    await cp(join(EXAMPLE, file), join(WORKSPACE, file));
  await writeFile(join(WORKSPACE, 'k8s.yaml'), MANIFESTS);
  identities = await createIdentities(FOLDER);
});

interface Step {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

const step = (version: string, { inputs, environment, signal, onLine }: Step): Promise<ActionResult> =>
  runBundle({
    bundle: BUNDLE,
    workspace: WORKSPACE,
    folder: join(FOLDER, `run-${version}`),
    github: { ...releaseTag(version), ...environment },
    inputs: { images: REPOSITORY, 'base-image': BASE_IMAGE, golden: 'require', ...inputs },
    ...(signal !== undefined && { signal }),
    onLine: line => {
      onLine?.(line);
      process.stdout.write(line.startsWith('::add-mask::') ? '' : `    ${line}\n`);
    },
  });

const release = (version: string): Promise<ActionResult> =>
  step(version, {
    inputs: {
      mode: 'release',
      manifests: 'k8s.yaml',
      kubeconfig: identities.deployer,
      environment: 'staging',
    },
  });

/** The weights of other training, under the golden file of these. */
const changeWeights = (): Promise<void> =>
  cp(join(EXAMPLE, 'releases/retrained/model.pt'), join(WORKSPACE, 'model.pt'));

const runsOf = (report: ActionResult['report']): readonly GoldenRun[] =>
  report?.deployment?.golden?.runs ?? [];

describe('in a cluster', () => {
  it('releases a model that answers as it did when it was trained', async () => {
    const { exitCode, report, outputs, summary } = await release('1.0.0');
    expect(exitCode).toBe(0);
    expect(report?.deployment).toMatchObject({ status: 'healthy', golden: { verdict: 'passed', cases: 3 } });
    expect(runsOf(report)).toHaveLength(2);
    for (const { verdict, requests, coldStartMs = NaN, latency } of runsOf(report)) {
      expect({ verdict, requests }).toEqual({ verdict: 'passed', requests: 18 });
      expect(coldStartMs).toBeGreaterThan(0);
      expect(latency?.p95Ms).toBeGreaterThan(0);
    }
    expect(outputs).toContain('golden-result');
    expect(summary).toContain('### Golden check');
  });

  it('takes back one whose weights were changed: ready, of the right version, and wrong', async () => {
    const serving = (await readRawManifest(REPOSITORY_PATH, '1.0.0')).digest;
    await changeWeights();
    const { exitCode, report, summary } = await release('1.1.0');
    expect(exitCode).toBe(1);
    expect(report?.deployment).toMatchObject({
      status: 'rolled-back',
      diagnosis: [{ cause: 'golden-answer' }],
      golden: { verdict: 'failed' },
      rollback: { to: { version: '1.0.0' }, outcome: 'healthy' },
    });
    const [first] = runsOf(report);
    expect(first?.mismatch).toMatchObject({ case: 'image 0, a 4', output: 'logits', elements: { of: 10 } });
    expect(report?.failure?.message).toMatch(
      /case "image 0, a 4": logits\[0, \d\] is -?\d+\.\d+, expected -?\d+/,
    );
    expect(summary).toContain('the model answers wrong');
    const pods = (await readyPods()).filter(({ metadata }) => metadata.name.startsWith('golden-'));
    for (const { status } of pods) expect(status.containerStatuses?.[0]?.imageID).toContain(serving);
    const ledger = parseLedger(
      await kubectlJson('-n', NAMESPACE, 'get', 'configmap', 'modelpier-ledger-mnist-mlp'),
    );
    expect(ledger.releases.map(({ version, golden }) => [version, golden?.verdict])).toEqual([
      ['1.1.0', 'failed'],
      ['1.0.0', 'passed'],
    ]);
  });
});

describe('in a container engine, before the tag', () => {
  const signal = AbortSignal.timeout(900_000);
  let docker: Docker;
  beforeAll(async () => {
    docker = await startDocker({ cache: CACHE, signal });
    await cp(join(EXAMPLE, 'model.pt'), join(WORKSPACE, 'model.pt'));
  }, 120_000);
  afterAll(() => docker.stop());

  const ask = async (...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, ...docker.environment };
    return (await run({ program: 'docker', args, env, signal })).stdout.trim();
  };
  const build = (version: string, more: Step = {}): Promise<ActionResult> =>
    step(version, { ...more, inputs: { mode: 'build' }, environment: docker.environment });

  async function expectNothingLeft(): Promise<void> {
    expect(await ask('ps', '--all', '--quiet')).toBe('');
    expect(await ask('network', 'ls', '--quiet', '--filter=name=modelpier')).toBe('');
    expect(await ask('image', 'ls', '--quiet')).toBe('');
  }

  it('gives a good image its tags, and leaves nothing behind', async () => {
    const { exitCode, report } = await build('2.0.0');
    expect(exitCode).toBe(0);
    expect(report?.golden).toMatchObject({
      verdict: 'passed',
      runs: [{ subject: expect.stringMatching(/^docker \d/) as string, requests: 18 }],
    });
    expect(report?.golden?.runs[0]?.coldStartMs).toBeGreaterThan(100);
    expect((await readRawManifest(REPOSITORY_PATH, '2.0.0')).digest).toBe(report?.image?.digest);
    await expectNothingLeft();
  });

  it('never tags one that answers wrong', async () => {
    await changeWeights();
    const { exitCode, report } = await build('2.1.0');
    expect(exitCode).toBe(1);
    expect(report?.failure).toMatchObject({
      code: 'unhealthy',
      message: expect.stringMatching(
        /^the image fails its golden check, so it gets no tag: docker .*case "image 0, a 4": logits/,
      ) as string,
    });
    expect(report?.golden).toMatchObject({ verdict: 'failed', runs: [{ mismatch: { output: 'logits' } }] });
    await expect(readRawManifest(REPOSITORY_PATH, '2.1.0')).rejects.toThrow('404');
    await expectNothingLeft();
  });

  it('runs it as what it is, code that nobody knows, and ends it with a cancelled job', async () => {
    const golden = JSON.parse(await readFile(join(EXAMPLE, 'golden.json'), 'utf8')) as object;
    await cp(join(EXAMPLE, 'model.pt'), join(WORKSPACE, 'model.pt'));
    await writeFile(join(WORKSPACE, 'golden.json'), JSON.stringify({ ...golden, repetitions: 3_000 }));
    const stop = new AbortController();
    const building = build('2.2.0', { signal: stop.signal }).catch((error: unknown) => error);
    let id = '';
    while (id === '') {
      await setTimeout(200, undefined, { signal });
      id = await ask('ps', '--quiet');
    }
    const [made] = JSON.parse(await ask('inspect', id)) as Record<string, Record<string, unknown>>[];
    expect(made?.['HostConfig']).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PortBindings: {},
      Privileged: false,
      Memory: 512 * 1024 * 1024,
      NanoCpus: 250_000_000,
    });
    expect(made?.['Config']).toMatchObject({ User: '65532:65532' });
    const network = String(made?.['HostConfig']?.['NetworkMode']);
    expect(await ask('network', 'inspect', '--format={{.Internal}}', network)).toBe('true');
    stop.abort();
    await building;
    await setTimeout(5_000);
    await expectNothingLeft();
    await expect(readRawManifest(REPOSITORY_PATH, '2.2.0')).rejects.toThrow('404');
  });
});
