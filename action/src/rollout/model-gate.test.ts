import type { Listen } from '../../../test/servers/kubernetes/api/subresource';
import { deployerOf } from '../../../test/servers/kubernetes';
import { deployObjects } from './deploy';
import { factsOf, fastClock, imageOf, objectsOf, onStage, type Stage } from './deploy.fixture';
import { rolloutFailure } from './failure';

const deployer = deployerOf('apps');
const mayAsk = {
  token: {
    ...deployer,
    rules: [...deployer.rules, { namespace: 'apps', resources: ['pods/proxy'], verbs: ['get'] }],
  },
};

/** Serves the model in this version, ready at its nth question. */
function server(version: string, readyAfter = 0): { listen: Listen; asked: () => number } {
  let asked = 0;
  const answers: Readonly<Record<string, unknown>> = {
    '/v2/health/ready': { live: true, ready: true },
    '/v2/models/mnist/ready': { name: 'mnist', ready: true },
    '/v2/models/mnist': {
      name: 'mnist',
      versions: [version],
      platform: 'pytorch_torchscript',
      inputs: [],
      outputs: [],
    },
  };
  const listen: Listen = (_pod, { port, path, method }) => {
    if (port !== 8080 || method !== 'GET') return undefined;
    asked += 1;
    if (asked <= readyAfter) return { status: 503, json: { error: 'loading' } };
    return path in answers ? { status: 200, json: answers[path] } : { status: 404, json: { error: path } };
  };
  return { listen, asked: () => asked };
}

/** The container that runs the image, with the port that it serves on. */
const objects = objectsOf('a').map(object =>
  object.kind !== 'Deployment'
    ? object
    : (JSON.parse(
        JSON.stringify(object).replace(
          '"name":"model"',
          '"name":"model","ports":[{"name":"http","containerPort":8080}]',
        ),
      ) as typeof object),
);

const release = ({ cluster }: Stage, modelVersion = '1.4.0'): ReturnType<typeof deployObjects> =>
  deployObjects({
    cluster,
    objects,
    image: imageOf('a'),
    clock: fastClock,
    runFacts: factsOf(modelVersion),
    modelVersion,
  });

const lastWord = ({ timeline }: Awaited<ReturnType<typeof release>>): unknown =>
  timeline.filter(({ object }) => object.kind === 'Deployment').at(-1)?.status;

it('asks every new pod for the model and its version', () => {
  const { listen, asked } = server('1.4.0');
  return onStage({ listen, access: mayAsk }, async stage => {
    const deployed = await release(stage);
    expect(deployed.status).toBe('healthy');
    expect(lastWord(deployed)).toMatchObject({ state: 'Current', reason: 'ModelReady' });
    expect(asked()).toBe(6);
  });
});

it('fails where a pod serves another version than the release', () =>
  onStage({ listen: server('1.3.0').listen, access: mayAsk }, async stage => {
    const deployed = await release(stage);
    expect(deployed.status).toBe('failed');
    expect(rolloutFailure(deployed).message).toMatch(
      /Deployment\/apps\/mnist is Failed \(WrongModelVersion\): pod mnist-\S+: model mnist says version 1.3.0, not 1.4.0/,
    );
  }));

it('waits for a model that is still loading', () => {
  const { listen, asked } = server('1.4.0', 9);
  return onStage({ listen, access: mayAsk }, async stage => {
    expect((await release(stage)).status).toBe('healthy');
    expect(asked()).toBeGreaterThan(9);
  });
});

it('fails a model that does not get ready, though its pods say they are', () =>
  onStage({ listen: server('1.4.0', Infinity).listen, access: mayAsk }, async stage => {
    const deployed = await release(stage);
    expect(deployed.status).toBe('failed');
    expect(lastWord(deployed)).toMatchObject({ state: 'Failed', reason: 'ServerNotReady' });
  }));

it.each<[string, Parameters<typeof onStage>[0], RegExp]>([
  [
    'it has no right to',
    { listen: server('1.4.0').listen },
    /FORBIDDEN: .*to have it asked, grant .* "get" on pods\/proxy in a Role of namespace "apps"/,
  ],
  ['nothing answers', { access: mayAsk }, /connection refused/],
  [
    'the server speaks another protocol',
    { listen: () => ({ status: 404, json: {} }), access: mayAsk },
    /does not speak the Open Inference Protocol/,
  ],
])('goes on and says so where %s', (_name, options, why) =>
  onStage(options, async stage => {
    const deployed = await release(stage);
    expect(deployed.status).toBe('healthy');
    expect(lastWord(deployed)).toMatchObject({
      state: 'Current',
      reason: 'ModelNotAsked',
      message: expect.stringMatching(why) as string,
    });
  }),
);

it('goes on where the API server has too much to do to ask', () =>
  onStage({ listen: server('1.4.0').listen, access: mayAsk }, async stage => {
    stage.server.faults.plant({ url: /proxy\/v2\//, status: 429 });
    const deployed = await release(stage);
    expect(deployed.status).toBe('healthy');
    expect(lastWord(deployed)).toMatchObject({ reason: 'ModelNotAsked' });
  }));
