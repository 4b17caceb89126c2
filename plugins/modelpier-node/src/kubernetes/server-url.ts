import { isIP } from 'node:net';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** Plain HTTP would send the token in the clear, so it stays on the machine. */
export function parseServerUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw refused(text.slice(0, 200), 'is not a URL', cause);
  }
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'must not contain credentials');
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return url;
  throw refused(url.origin, 'must begin with https:// (http:// only for this machine)');
}

const refused = (shown: string, reason: string, cause?: unknown): ModelpierError =>
  new ModelpierError('invalid-input', `Kubernetes API server ${JSON.stringify(shown)}: ${reason}`, { cause });

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
