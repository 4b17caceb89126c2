import { parseLabelSelector } from './label-selector';

const labels = { app: 'mnist', tier: 'serving', 'acme.io/team': 'vision' };

it.each([
  ['app=mnist', true],
  ['app==mnist,tier=serving', true],
  ['app = mnist , tier != training', true],
  ['app=other', false],
  ['owner!=me', true],
  ['app in (mnist, fraud)', true],
  ['app in (fraud),tier=serving', false],
  ['app notin (fraud, churn)', true],
  ['acme.io/team', true],
  ['!owner', true],
  ['!app', false],
  ['owner', false],
])('%s is %s', (written, expected) => {
  expect(parseLabelSelector(written)?.(labels)).toBe(expected);
});

it.each(['', 'app=', 'a b=c', 'app in mnist', 'app=mnist&limit=1', 'app in (a(b))', '/etc/passwd=x'])(
  'takes %j for what Kubernetes takes it for',
  written => {
    const selects = parseLabelSelector(written);
    // An empty value is a value; everything else here is no selector.
    expect(selects === undefined ? 'no selector' : selects(labels)).toBe(
      written === 'app=' ? false : 'no selector',
    );
  },
);
