import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { elementCount, flatten } from './sample';

/** A small server that keeps the protocol, and its deviations: what the checks are checked with. */

export const MODEL = 'sum';
export const VERSION = '2';
const INPUTS = [
  { name: 'x', datatype: 'FP32', shape: [-1, 2] },
  { name: 'n', datatype: 'INT64', shape: [-1] },
];
const OUTPUTS = [
  { name: 'total', datatype: 'FP32', shape: [-1] },
  { name: 'same', datatype: 'INT64', shape: [-1] },
];

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly contentType?: string;
}
/** What a broken server makes of a conforming server's reply. */
export type Defect = (reply: Reply, asked: Asked) => Reply;

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
const refuse = (reason: string): never => {
  throw new Refusal(400, reason);
};

export async function startConformingServer(
  defect: Defect = reply => reply,
): Promise<{ baseUrl: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const asked: Asked = { method: request.method ?? '', path: request.url ?? '', body };
      const reply = defect(answer(asked), asked);
      response.writeHead(reply.status, { 'content-type': reply.contentType ?? 'application/json' });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { baseUrl: `http://127.0.0.1:${port}`, close };
}

function answer(asked: Asked): Reply {
  try {
    return { status: 200, body: route(asked) };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: { error: error.message } };
    throw error;
  }
}

function route({ method, path, body }: Asked): unknown {
  if (path === '/v2/health/live' || path === '/v2/health/ready') return { live: true, ready: true };
  if (path === '/v2' || path === '/v2/') return { name: 'tiny', version: '1', extensions: [] };
  const found = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(\/ready|\/infer)?$/.exec(path);
  if (found?.[1] !== MODEL || (found[2] !== undefined && found[2] !== VERSION))
    throw new Refusal(404, `there is nothing at ${path}`);
  if (found[3] === '/ready') return { name: MODEL, ready: true };
  if (found[3] === undefined)
    return { name: MODEL, versions: [VERSION], platform: 'none', inputs: INPUTS, outputs: OUTPUTS };
  if (method !== 'POST') throw new Refusal(405, `${method} is not allowed`);
  return infer(parse(body));
}

interface Given {
  readonly name?: unknown;
  readonly datatype?: unknown;
  readonly shape?: unknown;
  readonly data?: unknown;
}
interface Body {
  readonly id?: string;
  readonly inputs?: readonly Given[];
  readonly outputs?: readonly Given[];
}

function parse(body: string): Body {
  try {
    return JSON.parse(body) as Body;
  } catch {
    return refuse('the body is not JSON');
  }
}

export function infer({ id, inputs = [], outputs }: Body): unknown {
  if (inputs.some(({ name }) => !INPUTS.some(spec => spec.name === name))) refuse('unknown input');
  const [x = [], n = []] = INPUTS.map(spec =>
    valuesOf(
      inputs.find(({ name }) => name === spec.name),
      spec,
    ),
  );
  const totals = Array.from({ length: x.length / 2 }, (_, row) => (x[2 * row] ?? 0) + (x[2 * row + 1] ?? 0));
  const all = [
    { name: 'total', datatype: 'FP32', shape: [totals.length], data: totals },
    { name: 'same', datatype: 'INT64', shape: [n.length], data: n },
  ];
  const wanted = outputs?.map(
    ({ name }) => all.find(output => output.name === name) ?? refuse('unknown output'),
  );
  return {
    model_name: MODEL,
    model_version: VERSION,
    ...(id === undefined ? {} : { id }),
    outputs: wanted ?? all,
  };
}

function valuesOf(given: Given | undefined, spec: (typeof INPUTS)[number]): readonly number[] {
  if (given === undefined) return refuse(`${spec.name} is missing`);
  if (given.datatype !== spec.datatype) refuse(`${spec.name} must be ${spec.datatype}`);
  const shape = given.shape as readonly number[];
  const fits = shape.length === spec.shape.length && shape.every((size, at) => isSize(size, spec.shape[at]));
  if (!fits) refuse(`${spec.name} has the wrong shape`);
  const data = flatten(given.data as readonly unknown[]);
  if (data.length !== elementCount(shape)) refuse(`${spec.name} has the wrong length`);
  return data.map(value =>
    isElement(value, spec.datatype) ? value : refuse(`${spec.name} holds a stranger`),
  );
}

const isSize = (size: number, declared: number | undefined): boolean =>
  size >= 0 && (declared === -1 || declared === size);

const isElement = (value: unknown, datatype: string): value is number =>
  typeof value === 'number' &&
  (datatype !== 'INT64' || (Number.isInteger(value) && Math.abs(value) < 2 ** 63));
