import {
  type Decoder,
  deploymentsAnswer,
  type DeploymentsAnswer,
  type EntityRef,
  parseWith,
  routes,
  versionsPage,
  type VersionsPage,
} from '@modelpier/backstage-plugin-modelpier-common';

/** Asks the portal's API as its guest. */
export class PortalClient {
  readonly #url: string;
  #token: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  versions(entity: EntityRef): Promise<VersionsPage> {
    return this.read(routes.versions(entity), versionsPage);
  }

  deployments(entity: EntityRef): Promise<DeploymentsAnswer> {
    return this.read(routes.deployments(entity), deploymentsAnswer);
  }

  async read<T>(path: string, decoder: Decoder<T>): Promise<T> {
    this.#token ??= await this.#signIn();
    const response = await fetch(`${this.#url}/api/modelpier${path}`, {
      headers: { Authorization: `Bearer ${this.#token}` },
    });
    if (!response.ok)
      throw new Error(`GET ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
    return parseWith(decoder, await response.json(), path);
  }

  async #signIn(): Promise<string> {
    const response = await fetch(`${this.#url}/api/auth/guest/refresh`, { method: 'POST' });
    const { backstageIdentity } = (await response.json()) as {
      readonly backstageIdentity: { readonly token: string };
    };
    return backstageIdentity.token;
  }
}
