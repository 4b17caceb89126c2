import { GITHUB_ISSUER, isIdentity, parseIdentity } from './identity';

const WORKFLOW = 'https://github.com/acme/digits/.github/workflows/release.yml';
const signedBy = (subject: string, more: { issuer?: string; repository?: string } = {}) => ({
  subject,
  issuer: GITHUB_ISSUER,
  ...more,
});

it.each([
  [`${WORKFLOW}@refs/heads/main`, `${WORKFLOW}@refs/heads/main`],
  [`${WORKFLOW}@refs/tags/*`, `${WORKFLOW}@refs/tags/v1.0.0`],
  [`${WORKFLOW}@refs/tags/v*.*`, `${WORKFLOW}@refs/tags/v1.2`],
  [`${WORKFLOW}@refs/heads/**`, `${WORKFLOW}@refs/heads/feature/a@b`],
  [
    'https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main',
    'https://github.com/acme/digits/.github/workflows/release.yml@refs/heads/main',
  ],
])('%s is %s', (wanted, subject) => {
  expect(isIdentity(signedBy(subject), parseIdentity(wanted))).toBe(true);
});

it.each([
  ['another branch', `${WORKFLOW}@refs/heads/main`, `${WORKFLOW}@refs/heads/mainly`],
  [
    'a subject that holds it',
    `${WORKFLOW}@refs/heads/main`,
    `https://evil.example/?${WORKFLOW}@refs/heads/main`,
  ],
  [
    'a dot for any character',
    `${WORKFLOW}@refs/heads/main`,
    `${WORKFLOW.replace('.yml', '-yml')}@refs/heads/main`,
  ],
  ['a folder for a star', `${WORKFLOW}@refs/tags/*`, `${WORKFLOW}@refs/tags/a/b`],
  [
    'a ref in the name of a file',
    'https://github.com/acme/*/x.yml@refs/heads/main',
    'https://github.com/acme/a@b/x.yml@refs/heads/main',
  ],
  ['another line', `${WORKFLOW}@refs/heads/**`, `${WORKFLOW}@refs/heads/a\nb`],
  ['nothing for two stars', `${WORKFLOW}@refs/heads/**`, `${WORKFLOW}@refs/heads/`],
  ['other letters', `${WORKFLOW}@refs/heads/main`, `${WORKFLOW}@refs/heads/Main`],
])('does not take %s', (_, wanted, subject) => {
  expect(isIdentity(signedBy(subject), parseIdentity(wanted))).toBe(false);
});

it('wants the issuer that is named, and GitHub where none is', () => {
  const subject = 'release@acme.example';
  const issuer = 'https://accounts.example';
  expect(isIdentity(signedBy(subject, { issuer }), parseIdentity(subject))).toBe(false);
  expect(isIdentity(signedBy(subject, { issuer }), parseIdentity(`*@acme.example issuer=${issuer}`))).toBe(
    true,
  );
  expect(isIdentity(signedBy(subject), parseIdentity(`${subject} issuer=${issuer}`))).toBe(false);
});

it('wants the repository that is named, and none else', () => {
  const subject = 'https://github.com/acme/shared/.github/workflows/build.yml@refs/heads/main';
  const wanted = parseIdentity(`${subject} repository=https://github.com/acme/digits`);
  const of = (repository?: string) => signedBy(subject, repository === undefined ? {} : { repository });
  expect(isIdentity(of('https://github.com/acme/digits'), wanted)).toBe(true);
  expect(isIdentity(of('https://github.com/acme/digits2'), wanted)).toBe(false);
  expect(isIdentity(of(), wanted)).toBe(false);
});

it.each([
  ['release', 'is neither'],
  ['*', 'is neither'],
  ['https://github.com/*/digits/.github/workflows/release.yml@refs/heads/main', 'host and owner'],
  ['https://*.com/acme/digits', 'host and owner'],
  ['https://github.com/acm*/digits', 'host and owner'],
  ['https://github.com/**', 'host and owner'],
  ['release@*', 'host and owner'],
  ['release@*.example', 'host and owner'],
  ['release@**', 'host and owner'],
  [`${WORKFLOW}@**/main`, 'may only stand at the end'],
  [`${WORKFLOW}@***`, 'may only stand at the end'],
  [`${WORKFLOW}@refs/heads/main issuer=*`, 'is neither issuer'],
  [`${WORKFLOW}@refs/heads/main issuer=https://a.example issuer=https://b.example`, 'twice'],
  [`${WORKFLOW}@refs/heads/main ref=x`, 'is neither issuer'],
  [`${WORKFLOW}@${'a'.repeat(3000)}`, 'too many characters'],
])('refuses %s', (text, words) => {
  expect(() => parseIdentity(text)).toThrow(words);
});
