import { isSameRelease, keepRunFacts, type RunFacts, stampRunFacts, withoutRunFacts } from './run-facts';

const facts: RunFacts = {
  model: 'mnist',
  version: '1.4.0',
  image: 'ghcr.io/acme/mnist@sha256:aa',
  commit: 'c0ffee',
  actor: 'ada',
  deployedAt: '2026-03-01T12:00:00Z',
};
interface Workload {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}
const bare: Workload = { metadata: { name: 'mnist' } };

it('stamps what is known and leaves out what is not', () => {
  expect(stampRunFacts(bare, facts).metadata).toEqual({
    name: 'mnist',
    labels: { 'app.kubernetes.io/managed-by': 'modelpier', 'modelpier.io/model': 'mnist' },
    annotations: {
      'modelpier.io/version': '1.4.0',
      'modelpier.io/image': 'ghcr.io/acme/mnist@sha256:aa',
      'modelpier.io/commit': 'c0ffee',
      'modelpier.io/actor': 'ada',
      'modelpier.io/deployed-at': '2026-03-01T12:00:00Z',
    },
  });
});

it("keeps the object's own labels and annotations", () => {
  const own = { metadata: { labels: { team: 'vision' }, annotations: { note: 'x' } } };
  const { metadata } = stampRunFacts(own, facts);
  expect(metadata.labels).toMatchObject({ team: 'vision' });
  expect(metadata.annotations).toMatchObject({ note: 'x' });
});

it('makes a later run equal to what is live but for what really differs', () => {
  const live = stampRunFacts(
    { ...bare, metadata: { ...bare.metadata, annotations: { note: 'old' } } },
    facts,
  );
  const later = {
    ...facts,
    actor: undefined,
    runUrl: 'https://example.org/2',
    deployedAt: '2027-01-01T00:00:00Z',
  };
  const wanted = stampRunFacts(
    { ...bare, metadata: { ...bare.metadata, annotations: { note: 'new' } } },
    later,
  );
  expect(keepRunFacts(wanted, live).metadata.annotations).toEqual({
    ...live.metadata.annotations,
    note: 'new',
  });
});

it('adds no empty maps, which would be a change of their own', () => {
  expect(JSON.stringify(keepRunFacts(bare, bare))).toBe(JSON.stringify(bare));
});

it.each([
  ['another commit of the same release', { commit: 'beef', deployedAt: 'later' }, true],
  ['another version', { version: '1.5.0' }, false],
  ['another image', { image: 'ghcr.io/acme/mnist@sha256:bb' }, false],
])('tells %s', (_what, over, same) => {
  const [a, b] = [stampRunFacts(bare, facts), stampRunFacts(bare, { ...facts, ...over })];
  expect(isSameRelease(a, b)).toBe(same);
});

it('takes out what differs from run to run of the same release', () => {
  const later = { ...facts, commit: 'beef', actor: 'grace', deployedAt: '2027-01-01T00:00:00Z' };
  expect(withoutRunFacts(stampRunFacts(bare, later))).toEqual(withoutRunFacts(stampRunFacts(bare, facts)));
  expect(withoutRunFacts(bare)).toEqual(bare);
  expect(withoutRunFacts(stampRunFacts(bare, facts)).metadata.annotations).toEqual({
    'modelpier.io/version': '1.4.0',
    'modelpier.io/image': 'ghcr.io/acme/mnist@sha256:aa',
  });
});
