import { DATATYPES, type TensorFacts } from '@modelpier/backstage-plugin-modelpier-common';
import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  canBeCopied,
  curlCommand,
  forwardCommand,
  inferPath,
  metadataCommand,
  pythonProgram,
  requestJson,
} from './call-commands';
import { type ExampleTensor, exampleTensor } from './example-tensor';

const run = promisify(execFile);
const workload = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mnist-mlp' };
const place = { cluster: 'harbor', namespace: 'apps', workload };
const examplesOf = (tensors: readonly TensorFacts[]): ExampleTensor[] =>
  tensors.map(exampleTensor).filter(example => example !== undefined);

const EVERY_TYPE = DATATYPES.map(datatype => ({ name: `the ${datatype}'s`, datatype, shape: [-1, 2] }));
const IMAGE = [
  { name: 'image', datatype: 'FP32', shape: [-1, 784] },
  { name: 'mask', datatype: 'BOOL', shape: [] },
];

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString());
};

/** Runs what the page shows against a server, and answers what that server was asked. */
async function askedBy(command: (address: string) => readonly [string, readonly string[]]) {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      asked.push([request.method, request.url, request.headers['content-type'], body]);
      response.end('{"outputs":[]}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const [program, args] = command(`http://127.0.0.1:${port}`);
    await run(program, [...args]);
    return asked;
  } finally {
    server.close();
  }
}

const at = (address: string, text: string) => text.replace('http://127.0.0.1:8080', address);
const bySh = (text: string) => (address: string) => ['/bin/sh', ['-c', at(address, text)]] as const;
const byPython = (text: string) => (address: string) => ['python3', ['-c', at(address, text)]] as const;

it('gives commands that reach the workload and ask for its inputs', () => {
  expect(forwardCommand(place)).toBe('kubectl --namespace apps port-forward deployment/mnist-mlp 8080');
  expect(metadataCommand('mnist-mlp')).toBe('curl --silent http://127.0.0.1:8080/v2/models/mnist-mlp');
});

it('quotes names that a shell would read otherwise', () => {
  expect(forwardCommand({ ...place, namespace: "a'; rm -rf ~ #" })).toBe(
    String.raw`kubectl --namespace 'a'\''; rm -rf ~ #' port-forward deployment/mnist-mlp 8080`,
  );
  expect(metadataCommand('$(id)')).toBe("curl --silent 'http://127.0.0.1:8080/v2/models/%24(id)'");
});

describe.each([
  ['every type', EVERY_TYPE],
  ['a large input and a scalar', IMAGE],
])('for %s', (_, tensors) => {
  const inputs = examplesOf(tensors);
  const expected = [['POST', inferPath('a b'), 'application/json', JSON.parse(requestJson(inputs))]];

  it('asks with curl what the JSON says', async () => {
    expect(await askedBy(bySh(curlCommand('a b', inputs)))).toEqual(expected);
  });

  it('asks with Python what the JSON says', async () => {
    expect(await askedBy(byPython(pythonProgram('a b', inputs)))).toEqual(expected);
  });

  it('gives as many values as the shape has, of the type', () => {
    const { inputs: sent } = JSON.parse(requestJson(inputs)) as {
      inputs: { shape: number[]; data: unknown[] }[];
    };
    for (const { shape, data } of sent) {
      expect(data).toHaveLength(shape.reduce((product, dimension) => product * dimension, 1));
    }
    expect(sent).toHaveLength(tensors.length);
  });
});

it('writes values as each type has them', () => {
  const values = examplesOf(EVERY_TYPE).map(({ datatype, json }) => [datatype, json]);
  expect(new Map(values as [string, string][])).toEqual(
    new Map(
      DATATYPES.map(datatype => {
        if (datatype === 'BOOL') return [datatype, 'false'];
        if (datatype === 'BYTES') return [datatype, '"text"'];
        return [datatype, datatype.startsWith('FP') ? '0.0' : '0'];
      }),
    ),
  );
});

it('shortens for reading only', () => {
  const inputs = examplesOf(IMAGE);
  const shown = requestJson(inputs, elements => `… ${elements} in all`);
  expect(shown).toContain('"data": [0.0, 0.0, 0.0, 0.0, … 784 in all]');
  expect(shown).toContain('"data": [false]');
  expect(canBeCopied(inputs)).toBe(true);
  expect(canBeCopied(examplesOf([{ name: 'image', datatype: 'FP32', shape: [1, 3, 224, 224] }]))).toBe(false);
});

it.each([
  [{ name: 'x' }],
  [{ name: 'x', datatype: 'FP32' }],
  [{ name: 'x', datatype: 'FLOAT', shape: [1] }],
  [{ name: 'x', datatype: 'FP32', shape: [1_000_000, 1_000_000] }],
])('makes up nothing for %j', tensor => {
  expect(exampleTensor(tensor)).toBeUndefined();
});
