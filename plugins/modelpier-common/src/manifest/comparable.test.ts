import { comparableObject, withoutDefaults } from './comparable';

it('drops what the server and the run wrote', () => {
  const object = {
    kind: 'Deployment',
    metadata: {
      name: 'mnist',
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: 'then',
      managedFields: [{}],
      labels: { app: 'mnist' },
      annotations: {
        'modelpier.io/commit': 'c0ffee',
        'modelpier.io/version': '1.0.0',
        'deployment.kubernetes.io/revision': '4',
        'acme.example/owner': 'ada',
      },
    },
    spec: { replicas: 1 },
    status: { replicas: 1 },
  };
  expect(comparableObject(object)).toEqual({
    kind: 'Deployment',
    metadata: { name: 'mnist', labels: { app: 'mnist' }, annotations: { 'acme.example/owner': 'ada' } },
    spec: { replicas: 1 },
  });
});

it('leaves no empty map behind where every annotation was a note', () => {
  const metadata = { name: 'a', annotations: { 'modelpier.io/actor': 'ada' } };
  expect(comparableObject({ metadata })).toEqual({ metadata: { name: 'a' } });
});

const main = { name: 'main', image: 'a' };

it('drops the defaults of an object that is new', () => {
  const answered = {
    spec: { replicas: 1, strategy: { type: 'RollingUpdate' }, containers: [{ ...main, tty: false }] },
  };
  const sent = { spec: { replicas: 1, containers: [main] } };
  expect(withoutDefaults(answered, { live: undefined, sent })).toEqual(sent);
});

it('drops the defaults of a part that is new, and no other', () => {
  const live = { containers: [{ ...main, tty: false }] };
  const probe = { port: 80 };
  const answered = {
    containers: [
      { ...main, tty: false, probe: { ...probe, period: 10 } },
      { name: 'b', tty: false },
    ],
  };
  const sent = { containers: [{ name: 'b' }, { ...main, probe }] };
  expect(withoutDefaults(answered, { live, sent })).toEqual({
    containers: [{ ...main, tty: false, probe }, { name: 'b' }],
  });
});

it('keeps what somebody but the manifest put beside parts that were there', () => {
  const live = { labels: { a: '1' }, containers: [main] };
  const sidecar = { name: 'injected', image: 'proxy', env: [{ name: 'A', value: 'b' }] };
  const answered = { labels: { a: '1', injected: 'yes' }, containers: [main, sidecar] };
  expect(withoutDefaults(answered, { live, sent: live })).toEqual(answered);
});
