import { type CheckResult } from './check';
import { type Defect, infer, MODEL, type Reply, startConformingServer, VERSION } from './conforming-server';
import { checks, conforms, runConformance } from './run-conformance';
import { renderTable } from './table';

async function resultsOf(defect?: Defect): Promise<readonly CheckResult[]> {
  const server = await startConformingServer(defect);
  try {
    return await runConformance({ baseUrl: server.baseUrl, model: MODEL, fetch });
  } finally {
    await server.close();
  }
}

const EVERYTHING = [
  { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] },
  { name: 'n', datatype: 'INT64', shape: [1], data: [1] },
];
const HEAD_REFUSED: Defect = (reply, { method }) => (method === 'HEAD' ? { status: 405, body: {} } : reply);
/** Replaces the answers at the paths that match. */
const at =
  (pattern: RegExp, change: (reply: Reply) => Reply): Defect =>
  (reply, { path, method }) =>
    pattern.test(path) && method !== 'HEAD' ? change(reply) : reply;
const status = (code: number) => (reply: Reply) => ({ ...reply, status: code });
/** Changes fields of a document that was answered with 200. */
const fields = (change: (body: Record<string, unknown>) => object) => (reply: Reply) =>
  reply.status === 200
    ? { ...reply, body: { ...(reply.body as object), ...change(reply.body as Record<string, unknown>) } }
    : reply;
/** Changes each output of an inference. */
const outputs = (change: (output: { shape: number[]; data: number[] }) => object) =>
  fields(body => ({
    outputs: (body['outputs'] as { shape: number[]; data: number[] }[]).map(output => ({
      ...output,
      ...change(output),
    })),
  }));
/** Answers instead of refusing. */
const lenient: Defect = (reply, { path, method }) =>
  reply.status === 400 && method === 'POST' && path.endsWith('/infer')
    ? { status: 200, body: infer({ inputs: EVERYTHING }) }
    : reply;
/** Refuses, but in a framework's own form. */
const plainRefusals: Defect = reply =>
  reply.status >= 400 ? { status: reply.status, body: 'Bad Request', contentType: 'text/plain' } : reply;

const MODEL_PATH = new RegExp(`/models/${MODEL}$`);
const VERSION_PATH = new RegExp(`/versions/${VERSION}$`);
const INFER = /\/infer$/;

/** For each check, a server with the one fault that it must notice. */
const DEFECTS: readonly (readonly [title: string, defect: Defect])[] = [
  ['GET /v2/health/live answers 200', at(/live$/, status(500))],
  ['GET /v2/health/ready answers 200 once the model is ready', at(/health\/ready$/, status(503))],
  [
    'says that the model is ready, by name',
    at(
      /ready$/,
      fields(() => ({ name: 'other' })),
    ),
  ],
  [
    'says that the version is ready',
    at(
      /versions.*ready$/,
      fields(() => ({ ready: false })),
    ),
  ],
  ['answers HEAD on the health paths, as some load balancers ask', HEAD_REFUSED],
  [
    'GET /v2 names the server, its version and its extensions',
    at(
      /^\/v2$/,
      fields(() => ({ extensions: undefined })),
    ),
  ],
  ['GET /v2/ answers as GET /v2: the text has one, the OpenAPI file the other', at(/^\/v2\/$/, status(404))],
  [
    'describes the model under the name asked for',
    at(
      MODEL_PATH,
      fields(() => ({ name: 'other' })),
    ),
  ],
  [
    'gives sizes from 0, or -1 for any, and each tensor its own name',
    at(
      MODEL_PATH,
      fields(body => ({ outputs: Array(2).fill((body['outputs'] as object[])[0]) })),
    ),
  ],
  [
    'describes the version as it describes the model',
    at(
      VERSION_PATH,
      fields(() => ({ inputs: 'none' })),
    ),
  ],
  ['refuses a model that it does not serve', at(/no-such-name/, status(200))],
  ['refuses a version that it does not serve', at(/versions\/.*no-such-name/, status(200))],
  [
    'answers an inference, and names its model',
    at(
      INFER,
      fields(() => ({ model_name: undefined })),
    ),
  ],
  [
    'answers all outputs that its metadata declares, as declared',
    at(
      INFER,
      outputs(() => ({ datatype: 'FP64' })),
    ),
  ],
  [
    'gives each output as many elements as its shape holds',
    at(
      INFER,
      outputs(() => ({ data: [] })),
    ),
  ],
  ['answers an inference as JSON', at(INFER, reply => ({ ...reply, contentType: 'text/html' }))],
  [
    'gives the id back',
    at(
      INFER,
      fields(() => ({ id: undefined })),
    ),
  ],
  [
    'takes nested data as it takes flat data',
    (reply, { body }) => (body.includes('[[') ? outputs(() => ({ data: [9] }))(reply) : reply),
  ],
  [
    'answers only the outputs asked for',
    (reply, { body }) =>
      body.includes('"outputs"') ? { ...reply, body: infer({ inputs: EVERYTHING }) } : reply,
  ],
  [
    'takes parameters that are text, numbers and booleans',
    (reply, { body }) => (body.includes('parameters') ? { status: 400, body: { error: 'no' } } : reply),
  ],
  [
    'answers an inference asked of the version',
    at(
      /versions.*infer$/,
      fields(() => ({ model_version: '9' })),
    ),
  ],
  [
    'names a version that its metadata lists, or none',
    at(
      INFER,
      fields(() => ({ model_version: '9' })),
    ),
  ],
  ...[
    'a body that is not JSON',
    'a request without inputs',
    'a request that lacks an input',
    'an input that the model does not have',
    'an unknown data type',
    'a data type other than the declared',
    'data shorter than its shape',
    'data longer than its shape',
    'a shape of more dimensions than declared',
    'a negative size in a shape',
    'an output that the model does not have',
    'text among numbers',
    'NaN, which JSON does not have',
    'a number that its integer type cannot hold',
  ].map(what => [`refuses ${what}`, lenient] as const),
  [
    'answers JSON even where the result is not a finite number',
    (reply, { body }) => (body.includes('3e+38') ? { status: 200, body: '{"data":[Infinity]}' } : reply),
  ],
  [
    'answers 405 or 404 with {"error"} to GET on the inference path',
    (reply, { method, path }) => (method === 'GET' && INFER.test(path) ? { status: 200, body: {} } : reply),
  ],
  ['still answers after all of these', at(/health\/ready$/, status(503))],
];

it('finds nothing wrong with a server that keeps the protocol', async () => {
  const results = await resultsOf();
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(conforms(results, true)).toBe(true);
});

it('has a defect for each check', () => {
  expect(DEFECTS.map(([title]) => title).sort()).toEqual(checks.map(({ title }) => title).sort());
});

it.each(DEFECTS)('notices that a server breaks: %s', async (title, defect) => {
  const results = await resultsOf(defect);
  expect(results.find(result => result.title === title)).toMatchObject({ outcome: 'failed' });
  expect(conforms(results, true)).toBe(false);
});

it('fails all refusals that do not give a reason as {"error"}', async () => {
  const failed = (await resultsOf(plainRefusals)).filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ title }) => title)).toEqual(
    checks.map(({ title }) => title).filter(title => title.startsWith('refuses ') || title.includes('405')),
  );
});

it('lets a server pass that only lacks what is recommended, unless strict', async () => {
  const results = await resultsOf(HEAD_REFUSED);
  expect(conforms(results)).toBe(true);
  expect(conforms(results, true)).toBe(false);
});

it('does not ask for versions where a server keeps none', async () => {
  const unversioned: Defect = at(
    MODEL_PATH,
    fields(() => ({ versions: undefined })),
  );
  const skipped = (await resultsOf(unversioned)).filter(({ outcome }) => outcome === 'not-applicable');
  expect(skipped.map(({ title }) => title)).toEqual([
    'says that the version is ready',
    'describes the version as it describes the model',
    'answers an inference asked of the version',
  ]);
});

it('says why nothing answered', async () => {
  const server = await startConformingServer();
  await server.close();
  const results = await runConformance({ baseUrl: server.baseUrl, model: MODEL, fetch });
  expect(results.every(({ outcome }) => outcome === 'failed')).toBe(true);
  expect(results[0]?.reason).toMatch(/^no answer: .*ECONNREFUSED/);
});

it('prints a line for each check and the sum', async () => {
  const table = renderTable(await resultsOf(HEAD_REFUSED));
  expect(table).toContain('FAIL  answers HEAD on the health paths, as some load balancers ask (recommended)');
  expect(table).toContain('      HEAD /v2/health/live: expected HTTP 200, got 405');
  expect(table).toMatch(/\n38 passed, 1 failed, 0 not applicable$/);
});
