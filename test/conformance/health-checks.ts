import { applicable, demand } from './breach';
import { type Check, recommended, required } from './check';
import { modelReady } from './protocol';
import { read } from './subject';

/** Only the status is tested for the server's health: the text and KServe disagree on the body. */
export const healthChecks: readonly Check[] = [
  required('GET /v2/health/live answers 200', async subject => {
    const { status } = await subject.ask('/v2/health/live');
    demand(status === 200, `expected HTTP 200, got ${status}`);
  }),
  required('GET /v2/health/ready answers 200 once the model is ready', async subject => {
    const { status } = await subject.ask('/v2/health/ready');
    demand(status === 200, `expected HTTP 200, got ${status}`);
  }),
  required('says that the model is ready, by name', async subject => {
    const { name, ready } = read(await subject.ask(subject.modelPath('/ready')), modelReady);
    demand(name === subject.model && ready, `got name ${JSON.stringify(name)}, ready ${String(ready)}`);
  }),
  required('says that the version is ready', async subject => {
    const version = await subject.version();
    applicable(version !== undefined, 'the server keeps no versions');
    const { ready } = read(await subject.ask(subject.modelPath('/ready', version)), modelReady);
    demand(ready, 'got ready false');
  }),
  recommended('answers HEAD on the health paths, as some load balancers ask', async subject => {
    for (const path of ['/v2/health/live', '/v2/health/ready']) {
      const { status } = await subject.ask(path, { method: 'HEAD' });
      demand(status === 200, `HEAD ${path}: expected HTTP 200, got ${status}`);
    }
  }),
];
