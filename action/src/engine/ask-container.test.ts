import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { answerWith, goldenOf } from '../../../plugins/modelpier-common/src/golden/golden.fixture';
import { askContainer } from './ask-container';
import type { Container } from './container';

const LOOPBACK = '127.0.0.1';
let server: Server | undefined;
afterEach(async () => {
  await new Promise(resolve => server?.close(resolve) ?? resolve(undefined));
  server = undefined;
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Serves on loopback; nothing is answered by a broken connection. */
async function serve(answer: (path: string, nth: number) => Answer | undefined): Promise<number> {
  let asked = 0;
  const started = createServer((request, response) => {
    const said = answer(request.url ?? '', (asked += 1));
    if (said === undefined) return response.destroy();
    return response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.text);
  });
  server = started;
  await new Promise(resolve => started.listen(0, LOOPBACK, () => resolve(undefined)));
  return (started.address() as AddressInfo).port;
}

const containerWith = (over: Partial<Container> = {}): Container => ({
  address: LOOPBACK,
  ending: () => Promise.resolve(undefined),
  log: () => Promise.resolve([]),
  ...over,
});
const ask = (port: number, container = containerWith()): ReturnType<typeof askContainer> =>
  askContainer(container, { golden: goldenOf(), model: 'mnist', port, clock: systemClock });

const READY = { status: 200, text: '{"ready":true}' };
const LOADING = { status: 503, text: '{}' };
const healthOr =
  (infer: Answer | undefined, readyAfter = 0) =>
  (path: string, nth: number): Answer | undefined => {
    if (path === '/v2/health/ready') return nth > readyAfter ? READY : LOADING;
    return path === '/v2/models/mnist/infer' ? infer : { status: 404, text: '{}' };
  };

it('waits for the server, measures its start and asks the cases', async () => {
  const port = await serve(healthOr({ status: 200, text: answerWith([-1, 4]) }, 2));
  const answers = await ask(port);
  expect(answers).toMatchObject({ verdict: 'passed', requests: 2 });
  expect(answers.coldStartMs).toBeGreaterThan(390);
});

it('fails a wrong answer', async () => {
  const port = await serve(healthOr({ status: 200, text: answerWith([-1, 5]) }));
  expect(await ask(port)).toMatchObject({ verdict: 'failed', mismatch: { got: '5' } });
});

it('fails a server that ends before it is ready, or at a request', async () => {
  const ended = containerWith({ ending: () => Promise.resolve('it ended with exit code 1') });
  const [free] = [await serve(() => LOADING)];
  expect(await ask(free, ended)).toMatchObject({
    verdict: 'failed',
    reason: 'before it was ready, it ended with exit code 1',
  });
  expect(await ask(free, { ...ended, address: undefined })).toMatchObject({
    verdict: 'failed',
    reason: 'it ended with exit code 1',
  });
});

it('fails a server that breaks off at a request', async () => {
  const port = await serve(healthOr(undefined));
  expect(await ask(port)).toMatchObject({
    verdict: 'failed',
    reason: expect.stringMatching(/infer: 127.0.0.1:\d+ is unreachable/) as string,
  });
});

it('holds nothing against a server of another protocol', async () => {
  const port = await serve(() => ({ status: 404, text: '{}' }));
  expect(await ask(port)).toMatchObject({
    verdict: 'not-run',
    reason: 'it does not speak the Open Inference Protocol',
  });
});
