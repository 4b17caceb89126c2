import { diffObject } from './diff-object';

type Fields = Readonly<Record<string, unknown>>;
const deployment = (spec: Fields, metadata: Fields = {}): Fields => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'mnist', ...metadata },
  spec,
});
const template = (fields: Fields = {}): Fields => ({
  spec: { containers: [{ image: 'a@sha256:1', name: 'model', ports: [{ containerPort: 80 }], ...fields }] },
});
const lines = (...texts: readonly string[]): string => texts.join('\n');

it('shows one changed field, where it is, and nothing else', () => {
  const live = deployment({ replicas: 3, template: template() }, { resourceVersion: '7', uid: 'u' });
  const sent = deployment({ template: template({ image: 'a@sha256:2' }) });
  const answered = deployment(
    { replicas: 3, template: template({ image: 'a@sha256:2' }) },
    { resourceVersion: '7', generation: 4 },
  );
  expect(diffObject({ live, sent, answered })).toBe(
    lines(
      '@@ spec.template.spec @@',
      '       containers:',
      '         - name: model',
      '-          image: a@sha256:1',
      '+          image: a@sha256:2',
      '           ports:',
      '             - containerPort: 80',
    ),
  );
});

it('shows nothing where the facts of the run alone differ', () => {
  const stamped = (actor: string): Fields =>
    deployment({}, { annotations: { 'modelpier.io/actor': actor }, managedFields: [{ time: actor }] });
  const [live, sent] = [stamped('ada'), stamped('grace')];
  expect(diffObject({ live, sent, answered: sent })).toBeUndefined();
});

it('shows a new object as it was written, without the defaults of the server', () => {
  const sent = deployment({ paused: true });
  const answered = deployment({ paused: true, revisionHistoryLimit: 10 }, { uid: 'u' });
  const written = lines(
    '+apiVersion: apps/v1',
    '+kind: Deployment',
    '+metadata:',
    '+  name: mnist',
    '+spec:',
  );
  expect(diffObject({ live: undefined, sent, answered })).toBe(lines(written, '+  paused: true'));
  expect(diffObject({ live: undefined, sent, answered: undefined })).toBe(lines(written, '+  paused: true'));
});

it('shows neither what a Secret holds nor what it held', () => {
  const secret = (password: string): Fields => ({ kind: 'Secret', data: { password } });
  const [live, sent] = [secret('aHVudGVyMQ=='), secret('aHVudGVyMg==')];
  const diff = diffObject({ live, sent, answered: sent });
  expect(diff).toContain('-  password: "*** (before)"\n+  password: "*** (after)"');
  expect(diff).not.toContain('aHVudGVy');
});

it('says how much it leaves out of a change that nobody reads whole', () => {
  const data = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`key-${at}`, 'x'.repeat(5_000)]));
  const diff = diffObject({ live: undefined, sent: { kind: 'ConfigMap', data }, answered: undefined });
  expect(diff?.split('\n')).toHaveLength(401);
  expect(diff).toMatch(/@@ 602 more lines are left out @@$/);
  expect(diff).toContain('x... (5');
});
