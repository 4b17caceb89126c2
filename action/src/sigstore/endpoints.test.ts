import { readContext } from '../github/context';
import { parseEvent } from '../github/event';
import { endpointsFor } from './endpoints';
import { parseSigningConfig } from './signing-config';

const chosenFor = (server: string, visibility?: string) => {
  const event = parseEvent(JSON.stringify({ repository: { visibility } }));
  return endpointsFor(readContext({ GITHUB_SERVER_URL: server }, { cwd: '/', tmp: '/tmp' }, event));
};

const PUBLIC = { fulcioUrl: 'https://fulcio.sigstore.dev', rekorUrl: 'https://rekor.sigstore.dev' };
const PRIVATE = { fulcioUrl: 'https://fulcio.githubapp.com', tsaUrl: 'https://timestamp.githubapp.com' };

it.each([
  ['public', PUBLIC],
  ['private', PRIVATE],
  ['internal', PRIVATE],
  [undefined, PRIVATE],
])('keeps what is not known to be public out of the public log: %s', (visibility, endpoints) => {
  expect(chosenFor('https://github.com', visibility)).toEqual(endpoints);
});

it('asks the instance of the tenant', () => {
  const endpoints = { fulcioUrl: 'https://fulcio.acme.ghe.com', tsaUrl: 'https://timestamp.acme.ghe.com' };
  expect(chosenFor('https://acme.ghe.com', 'public')).toEqual(endpoints);
});

it.each(['https://git.acme.example', 'https://github.com.acme.example', 'https://evilghe.com'])(
  'knows no instance for %s',
  server => {
    expect(() => chosenFor(server, 'public')).toThrow('no certificate authority is known');
  },
);

const NOW = Date.parse('2026-06-01T00:00:00Z');
const service = (url: string, more: object = {}) => ({ url, majorApiVersion: 1, ...more });
const config = (more: object) => ({
  mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
  caUrls: [service('https://ca.example')],
  rekorTlogUrls: [service('https://log.example')],
  ...more,
});

it('takes the first service that is served and valid now', () => {
  const caUrls = [
    service('https://next.example', { majorApiVersion: 2 }),
    service('https://later.example', { validFor: { start: '2026-07-01T00:00:00Z' } }),
    service('https://over.example', {
      validFor: { start: '2025-01-01T00:00:00Z', end: '2026-05-01T00:00:00Z' },
    }),
    service('https://now.example', { validFor: { start: '2026-01-01T00:00:00Z' } }),
    service('https://other.example'),
  ];
  expect(parseSigningConfig(config({ caUrls }), { now: NOW })).toEqual({
    fulcioUrl: 'https://now.example',
    rekorUrl: 'https://log.example',
  });
});

it.each([
  [{ mediaType: 'application/json' }, 'it is not of type'],
  [{ caUrls: [] }, 'it has no certificate authority'],
  [{ caUrls: [service('http://ca.example')] }, 'it has no certificate authority'],
  [
    { caUrls: [service('https://ca.example', { validFor: { end: 'soon' } })] },
    'it has no certificate authority',
  ],
  [{ caUrls: [service('no address')] }, 'it has no certificate authority'],
  [{ rekorTlogUrls: [service('https://log.example', { majorApiVersion: 2 })] }, 'it has neither a log'],
  [{ caUrls: 'https://ca.example' }, 'caUrls: expected'],
])('refuses %j', (change, words) => {
  expect(() => parseSigningConfig(config(change), { now: NOW })).toThrow(words);
});
