import { LEDGER_KEY, ledgerName, parseLedger, renderLedger } from './ledger';
import { ledgerOf, releaseOf } from './release.fixture';

const configMapOf = (json: string | undefined) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: ledgerName('mnist'), namespace: 'apps' },
  ...(json !== undefined && { data: { [LEDGER_KEY]: json } }),
});

it('reads what it wrote, a line for each release', () => {
  const ledger = ledgerOf(releaseOf('1.1.0', 'failed', { day: 2 }), releaseOf('1.0.0', 'healthy'));
  const json = renderLedger(ledger);
  expect(parseLedger(configMapOf(json))).toEqual(ledger);
  expect(json.split('\n')).toHaveLength(4);
});

it('passes over fields that a newer writer added', () => {
  const json = renderLedger(ledgerOf(releaseOf('1.0.0', 'healthy')));
  const newer = JSON.parse(json) as { releases: Record<string, unknown>[] };
  newer.releases[0] = { ...newer.releases[0], approvedBy: 'grace' };
  expect(parseLedger(configMapOf(JSON.stringify(newer))).releases[0]?.version).toBe('1.0.0');
});

it.each([
  [undefined, 'it has no data key releases.json'],
  ['{', 'releases.json is not JSON'],
  ['{}', 'releases: expected a list, got nothing'],
  [
    renderLedger(ledgerOf(releaseOf('1.0.0', 'healthy'))).replace('"healthy"', '"perfect"'),
    'releases[0].verdict: expected in-progress | healthy',
  ],
])('says what is wrong with the ledger %s', (json, words) => {
  expect(() => parseLedger(configMapOf(json))).toThrow(`ledger ConfigMap/apps/modelpier-ledger-mnist`);
  expect(() => parseLedger(configMapOf(json))).toThrow(words);
});
