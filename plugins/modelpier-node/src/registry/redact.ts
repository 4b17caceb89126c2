import { hideSecrets } from '@modelpier/backstage-plugin-modelpier-common';

/** Enough of a registry's own words to act on, little enough not to fill a log. */
const MAX_SHOWN_CHARACTERS = 500;

/** Shorter ones are in many words, and hiding them would tell which. */
const SHORTEST_SECRET = 4;

/** What an `Authorization` header proves itself by, in each form that a server may repeat. */
export function secretsOf(authorization: string | undefined): readonly string[] {
  const [scheme = '', value = ''] = authorization?.split(' ') ?? [];
  if (scheme.toLowerCase() !== 'basic') return [value];
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return [value, pair, pair.slice(pair.indexOf(':') + 1)];
}

/** The text without what a request proved itself by: an answer may repeat it, a message must not. */
export const hideSent = (text: string, sent: readonly string[]): string =>
  sent
    .filter(secret => secret.length >= SHORTEST_SECRET)
    .reduce((hidden, secret) => hidden.replaceAll(secret, '(hidden)'), text);

/** Foreign text for a message: on one line, capped, without query strings, tokens, passwords, or what was sent. */
export function redact(foreign: string, sent: readonly string[] = []): string {
  let shown = hideSecrets(hideSent(foreign, sent).slice(0, MAX_SHOWN_CHARACTERS * 4));
  // eslint-disable-next-line no-control-regex -- control characters are what must go: they forge log lines
  shown = shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}...` : shown;
}

/** Where a request went, as it may be shown: host and path; never user, password, query or fragment. */
export const shownUrl = (url: URL): string => `${url.host}${url.pathname}`;
