import { callCommands } from './call-commands';

const workload = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mnist-mlp' };
const place = { cluster: 'harbor', namespace: 'apps', workload };

it('gives commands that reach the workload and ask the model', () => {
  expect(callCommands('mnist-mlp', place)).toEqual({
    path: 'POST /v2/models/mnist-mlp/infer',
    forward: 'kubectl --namespace apps port-forward deployment/mnist-mlp 8080',
    metadata: 'curl --silent http://127.0.0.1:8080/v2/models/mnist-mlp',
    infer: 'curl --silent http://127.0.0.1:8080/v2/models/mnist-mlp/infer --json @request.json',
  });
});

it('quotes names that a shell would read otherwise', () => {
  const hostile = { ...place, namespace: "a'; rm -rf ~ #" };
  expect(callCommands('$(id)', hostile)).toMatchObject({
    path: 'POST /v2/models/%24(id)/infer',
    forward: String.raw`kubectl --namespace 'a'\''; rm -rf ~ #' port-forward deployment/mnist-mlp 8080`,
  });
});

it('leaves out what it cannot reach', () => {
  expect(callCommands('mnist-mlp', undefined).forward).toBeUndefined();
});
