/** What proves to a registry who we are. */
export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** Exchanged for access tokens at the registry's token server (OAuth 2 refresh token). */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** Sent as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

/** Asked once per registry; `undefined` means to go anonymously. */
export type CredentialProvider = (registryHost: string) => Promise<Credential | undefined>;

/** Nobody: public repositories only. */
export const anonymous: CredentialProvider = () => Promise.resolve(undefined);

/** One credential for one registry. */
export const credentialFor =
  (registryHost: string, credential: Credential): CredentialProvider =>
  asked =>
    Promise.resolve(asked === registryHost ? credential : undefined);

/** The first provider that knows the registry. */
export const firstCredential =
  (...providers: readonly CredentialProvider[]): CredentialProvider =>
  async registryHost => {
    for (const provider of providers) {
      const credential = await provider(registryHost);
      if (credential !== undefined) return credential;
    }
    return undefined;
  };

export const basicHeader = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
