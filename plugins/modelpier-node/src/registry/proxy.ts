/** The proxies of this machine; hosts in `except` are reached directly. */
export interface Proxy {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly except?: string | undefined;
}

/** `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; in lower case they count first, as in curl. */
export const proxyOf = (environment: Readonly<Record<string, string | undefined>>): Proxy => ({
  http: environment['http_proxy'] ?? environment['HTTP_PROXY'],
  https: environment['https_proxy'] ?? environment['HTTPS_PROXY'],
  except: environment['no_proxy'] ?? environment['NO_PROXY'],
});
