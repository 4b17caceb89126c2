import { hideSecrets } from '@modelpier/backstage-plugin-modelpier-common';

/** Enough of a registry's own words to act on, little enough not to fill a log. */
const MAX_SHOWN_CHARACTERS = 500;

/** Foreign text for a message: on one line, capped, without query strings, tokens or passwords. */
export function redact(foreign: string): string {
  let shown = hideSecrets(foreign.slice(0, MAX_SHOWN_CHARACTERS * 4));
  // eslint-disable-next-line no-control-regex -- control characters are what must go: they forge log lines
  shown = shown.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}...` : shown;
}

/** Where a request went, as it may be shown: host and path; never user, password, query or fragment. */
export const shownUrl = (url: URL): string => `${url.host}${url.pathname}`;
