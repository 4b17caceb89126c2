import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  parseDigest,
  parseModel,
  parseReference,
  type Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import { anonymous, systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { answerWith, goldenOf } from '../../plugins/modelpier-common/src/golden/golden.fixture';
import { readContext } from './github/context';
import { readInputs } from './inputs/inputs';
import type { Release } from './build';
import { checkImage } from './check-image';
import { type Script, scriptedEngine } from './engine/scripted-engine.fixture';
import type { Run } from './main';
import { Recorder } from './report/recorder';

const DIGEST = parseDigest(`sha256:${'a'.repeat(64)}`);
const IMAGE = {
  root: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: DIGEST, size: 1 },
  repositories: [parseReference('127.0.0.1:5000/acme/mnist')],
  modelDigest: DIGEST,
  files: [],
  bases: [],
};

let server: Server;
let folder: string;
let logits: readonly number[];
beforeEach(async () => {
  logits = [-1, 4];
  folder = await mkdtemp(join(tmpdir(), 'modelpier-check-'));
  server = createServer((request, response) => {
    const isReady = request.url === '/v2/health/ready';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(isReady ? '{"ready":true}' : answerWith(logits));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)));
});
afterEach(async () => {
  await new Promise(resolve => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** A Docker whose containers serve on loopback. */
const DOCKER: Script = {
  'docker version': { says: ['28.2.2 linux/amd64'] },
  'docker info': { says: ['2 [] Debian'] },
  'docker context': { says: ['unix:///var/run/docker.sock'] },
  'docker image inspect': { code: 1 },
  'docker inspect': command => ({
    says: [command.join(' ').includes('IPAddress') ? '127.0.0.1' : 'true 0 false'],
  }),
  'docker logs': { says: ['serving'] },
  docker: {},
};

interface Given {
  readonly script?: Script;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly scanVerdict?: Verdict;
  readonly gpu?: number;
}

async function check({ script = DOCKER, inputs = {}, scanVerdict, gpu }: Given = {}) {
  const { run: runTool, commands } = scriptedEngine(script);
  const given = { mode: 'build', images: '127.0.0.1:5000/acme/mnist', ...inputs };
  const environment = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const context = readContext({ GITHUB_EVENT_NAME: 'push' }, { cwd: folder, tmp: folder });
  const recorder = new Recorder({ mode: 'build', startedAt: new Date(0), run: {} });
  const lines: string[] = [];
  const made: unknown[] = [];
  const read = readInputs(Object.fromEntries(environment) as Record<string, string>, context);
  const run = {
    inputs: read,
    recorder,
    ports: {
      machine: {
        run: runTool,
        temporaryFolder: folder,
        dockerConfigFolder: folder,
        credentials: anonymous,
        isPlain: () => true,
      },
      clock: systemClock,
      onContainer: (each: unknown) => made.push(each),
      tell: { note: (line: string) => lines.push(line) },
      signal: new AbortController().signal,
    },
  } as unknown as Run;
  const { port } = server.address() as AddressInfo;
  const release = {
    model: parseModel({
      apiVersion: 'modelpier.io/v1',
      kind: 'Model',
      metadata: { name: 'mnist' },
      spec: { files: ['model.pt'], runtime: { port }, resources: { cpu: '250m', gpu } },
    }),
    scanVerdict,
    golden: { path: 'golden.json', golden: goldenOf(), isRequired: read.safety.golden === 'require' },
  } as unknown as Release;
  const done = await checkImage(run, release, IMAGE).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { done, golden: recorder.report(new Date(0)).golden, lines, commands, made };
}

it('lets an image pass that answers right', async () => {
  const { done, golden, lines, made } = await check();
  expect(done).toBeUndefined();
  expect(golden).toMatchObject({ verdict: 'passed', cases: 1, runs: [{ subject: 'docker 28.2.2' }] });
  expect(lines.at(-1)).toMatch(
    /^golden check before the tags: docker 28.2.2: 1 case answered right, p95 \d+ ms, ready after/,
  );
  expect(made).toEqual([
    { engine: 'docker', name: expect.stringMatching(/^modelpier-golden-[0-9a-f-]{36}$/) as string },
  ]);
});

it('ends the run where it answers wrong, with the log of the server', async () => {
  logits = [-1, 5];
  const { done, golden, lines } = await check();
  expect(done).toMatchObject({
    code: 'unhealthy',
    message: expect.stringMatching(
      /^the image fails its golden check, so it gets no tag: docker 28.2.2: case "four": logits\[0, 1\] is 5/,
    ) as string,
  });
  expect(golden?.verdict).toBe('failed');
  expect(lines).toContain('its log: serving');
});

it.each<[string, Given, RegExp]>([
  ['there is no engine', { script: {} }, /^no Docker engine answers; there is no podman$/],
  ['its scan found it dangerous', { scanVerdict: 'dangerous' }, /^its scan says dangerous$/],
  ['it needs a GPU', { gpu: 1 }, /needs a GPU/],
  ['it is for other processors', { inputs: { platforms: 'linux/arm64' } }, /the image is for linux\/arm64$/],
  [
    'the engine has no room for it',
    { script: { 'docker pull': { code: 1, says: ['write: no space left on device'] }, ...DOCKER } },
    /docker pull: exit code 1: write: no space left on device/,
  ],
])('goes on and says so where %s, and ends the run where it has to be asked', async (_what, given, why) => {
  const open = await check(given);
  expect(open.done).toBeUndefined();
  expect(open.golden).toMatchObject({ verdict: 'not-run' });
  expect(open.golden?.runs[0]?.reason).toMatch(why);
  const bound = await check({ ...given, inputs: { ...given.inputs, golden: 'require' } });
  expect(bound.done).toMatchObject({ code: 'unsupported' });
});

it('leaves manifests of your own to the pods that they make', async () => {
  const { commands, golden, lines } = await check({ inputs: { mode: 'release', manifests: 'k8s.yaml' } });
  expect(lines).toEqual([expect.stringMatching(/^golden check before the tags: not run: manifests of/)]);
  expect(golden?.runs[0]?.reason).toContain('manifests of your own');
  expect(commands).toEqual([]);
});
