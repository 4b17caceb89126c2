import type { RequestOptions as HttpsOptions } from 'node:https';

/** What TLS needs to know beside the host; everything here is as `node:tls` takes it. */
export type TlsMaterial = Pick<
  HttpsOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'rejectUnauthorized' | 'servername'
>;

/** How a request proves who we are: never logged, never part of a message. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  /** Where the kubeconfig names a proxy. */
  readonly agent?: HttpsOptions['agent'] | undefined;
}

/** One API server and how to sign in to it; tokens may change between requests. */
export interface Connection {
  readonly server: URL;
  readonly namespace: string;
  credentials(signal?: AbortSignal): Promise<Credentials>;
}
