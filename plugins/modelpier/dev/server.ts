import { createServer } from 'node:http';
import { emptyFixture, modelFixture, type ModelFixture } from './fixtures';
import { answerFor } from './routes';

/**
 * A backend of fixtures for looking at the pages: `npx tsx plugins/modelpier/dev/server.ts`, then
 * `examples/portal/start --config ../../plugins/modelpier/dev/app-config.yaml`.
 */
const PORT = 7008;

const FIXTURES: Readonly<Record<string, (now: Date) => ModelFixture>> = {
  'mnist-mlp': now => modelFixture({ now }),
  'mnist-troubled': now => modelFixture({ now, trouble: true }),
  'mnist-new': now => emptyFixture({ now }),
};

createServer((request, response) => {
  const { pathname, search } = new URL(request.url ?? '/', 'http://fixtures');
  const path = `${pathname}${search}`.replace(/^\/api\/modelpier/, '');
  const name = path.split('/')[5] ?? '';
  const fixture = FIXTURES[name]?.(new Date());
  const answer = fixture && answerFor(fixture, path.replace(/component\/[^/]+/i, 'component/mnist-mlp'));
  const found = answer !== undefined || request.method === 'OPTIONS';
  response
    .writeHead(found ? 200 : 404, {
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-methods': '*',
    })
    .end(JSON.stringify(answer ?? { type: 'about:blank', title: 'Not Found', status: 404 }));
}).listen(PORT, '127.0.0.1');
