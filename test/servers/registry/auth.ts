import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, json, Refusal } from './answer';
import { readAll } from './body';

const MAX_FORM_BYTES = 64 * 1024;

export interface User {
  readonly password: string;
  /** Repositories the user may not read; such a user cannot mount from them either. */
  readonly mayNotPull?: readonly string[];
  readonly mayPush?: boolean;
}

export interface AuthOptions {
  readonly kind: 'basic' | 'bearer';
  readonly users: Readonly<Record<string, User>>;
  /** Accepted by the token server as a refresh token, and whose it is. */
  readonly identityTokens?: Readonly<Record<string, string>>;
  /** Whether the token server lets nobody in particular pull. */
  readonly anonymousPull?: boolean;
  /** Whether tokens say what they give, as those of Docker Hub do. */
  readonly readableTokens?: boolean;
  readonly tokenLifetimeS?: number;
  /** Where this server gives out tokens; `/token` where not given. */
  readonly tokenPath?: string;
  /** The token server's address, where it is another than this server's own. */
  readonly realm?: string;
  /** Whether one who asks for a scope that is not given gets no token at all, as at ghcr.io. */
  readonly refusesScopes?: boolean;
}

interface Granted {
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

/** The registry's guard and, for `bearer`, its token server. */
export class Auth {
  private readonly tokens = new Map<string, Granted>();

  constructor(
    private readonly options: AuthOptions,
    private readonly now: () => number,
  ) {}

  get tokenPath(): string {
    return this.options.tokenPath ?? '/token';
  }

  /** From now on every token that was given is refused. */
  revokeTokens(): void {
    this.tokens.clear();
  }

  /** Throws the 401 with its challenge where the request lacks the scope `repository:name:actions`. */
  assertMay(scope: string | undefined, headers: IncomingHttpHeaders, url: string): void {
    if (this.options.kind === 'basic') {
      const user = this.userOf(headers);
      if (user === undefined) throw unauthorized('Basic realm="registry"');
      if (scope !== undefined && grant(user, scope) !== scope) throw new Refusal(403, 'DENIED', 'denied');
      return;
    }
    if (!this.hasScope(scope, headers)) {
      const realm = this.options.realm ?? `${url}${this.tokenPath}`;
      const wanted = scope === undefined ? '' : `,scope="${scope}"`;
      throw unauthorized(`Bearer realm="${realm}",service="registry"${wanted}`);
    }
  }

  hasScope(scope: string | undefined, headers: IncomingHttpHeaders): boolean {
    if (this.options.kind === 'basic') {
      const user = this.userOf(headers);
      return user !== undefined && (scope === undefined || grant(user, scope) === scope);
    }
    const granted = this.tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    if (granted === undefined || granted.expiresAtMs <= this.now()) return false;
    return scope === undefined || granted.scopes.some(has => has === scope || has === `${scope},push`);
  }

  /** `GET /token` with a password, `POST /token` with a refresh token. */
  async issue(
    { method, url, headers }: { method: string; url: URL; headers: IncomingHttpHeaders },
    body: AsyncIterable<Uint8Array>,
  ): Promise<Answer> {
    const form = new URLSearchParams((await readAll(body, MAX_FORM_BYTES)).toString('utf8'));
    const owner = this.options.identityTokens?.[form.get('refresh_token') ?? ''];
    const user = method === 'POST' ? this.options.users[owner ?? ''] : this.userOf(headers);
    if (user === undefined) throw unauthorized('Basic realm="token server"');
    const asked = method === 'POST' ? (form.get('scope') ?? '').split(' ') : url.searchParams.getAll('scope');
    const lifetimeS = this.options.tokenLifetimeS ?? 300;
    const scopes = this.grantAll(user, asked);
    const secret = randomBytes(24).toString('base64url');
    const token = this.options.readableTokens === true ? `h.${claimsOf(user, scopes)}.${secret}` : secret;
    this.tokens.set(token, { scopes, expiresAtMs: this.now() + lifetimeS * 1000 });
    return json(200, { [method === 'POST' ? 'access_token' : 'token']: token, expires_in: lifetimeS });
  }

  private grantAll(user: User, asked: readonly string[]): readonly string[] {
    const scopes = asked.map(scope => grant(user, inOrder(scope))).filter(scope => scope !== undefined);
    if (this.options.refusesScopes === true && scopes.length < asked.length) {
      throw new Refusal(403, 'DENIED', 'requested access to the resource is denied');
    }
    return scopes;
  }

  private userOf(headers: IncomingHttpHeaders): User | undefined {
    if (headers.authorization === undefined) {
      return this.options.anonymousPull === true ? { password: '', mayPush: false } : undefined;
    }
    const encoded = /^Basic (.+)$/.exec(headers.authorization)?.[1] ?? '';
    const [name = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    const user = Object.hasOwn(this.options.users, name) ? this.options.users[name] : undefined;
    return user?.password === password.join(':') ? user : undefined;
  }
}

/** The actions of a scope are a set: Docker asks for `push,pull`. */
function inOrder(scope: string): string {
  const [kind = '', name = '', actions = ''] = scope.split(':');
  return [kind, name, actions.split(',').sort().join(',')].join(':');
}

/** Token servers give less than was asked for rather than refuse. */
function grant({ mayNotPull = [], mayPush = true }: User, scope: string): string | undefined {
  const [kind, name = ''] = scope.split(':');
  if (mayNotPull.includes(name)) return undefined;
  return mayPush ? scope : `${kind ?? ''}:${name}:pull`;
}

const unauthorized = (challenge: string): Refusal =>
  new Refusal(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': challenge });

function claimsOf({ password }: User, scopes: readonly string[]): string {
  const access = scopes.map(scope => {
    const [type, name, actions = ''] = scope.split(':');
    return { type, name, actions: actions.split(',') };
  });
  return Buffer.from(JSON.stringify({ sub: password === '' ? '' : 'user', access })).toString('base64url');
}
