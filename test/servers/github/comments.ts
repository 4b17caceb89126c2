import { type Answer, invalid, NOT_FOUND } from './answer';

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly html_url: string;
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' };
  readonly author_association: string;
  body: string;
}

const LONGEST_BODY = 65_536;
const BOT = { login: 'github-actions[bot]', type: 'Bot' } as const;

/** The comments on issues and pull requests of one repository (docs.github.com/rest/issues/comments). */
export class Comments {
  readonly all: Comment[] = [];

  /** What a person wrote. */
  write(issue: number, body: string, association = 'CONTRIBUTOR'): Comment {
    return this.#add(issue, body, { user: { login: 'grace', type: 'User' }, association });
  }

  create(issue: number, { body }: Readonly<Record<string, unknown>>): Answer {
    const wrong = refusalOf(body);
    return wrong ?? [201, this.#add(issue, String(body), { user: BOT, association: 'NONE' })];
  }

  /** Oldest first. */
  list(issue: number, query: URLSearchParams): Answer {
    const [most, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
    const found = this.all.filter(comment => comment.issue === issue);
    return [200, found.slice((page - 1) * most, page * most)];
  }

  update(id: number, { body }: Readonly<Record<string, unknown>>): Answer {
    const found = this.all.find(comment => comment.id === id);
    if (found === undefined) return NOT_FOUND;
    const wrong = refusalOf(body);
    if (wrong === undefined) found.body = String(body);
    return wrong ?? [200, found];
  }

  #add(issue: number, body: string, by: { user: Comment['user']; association: string }): Comment {
    const id = this.all.length + 1;
    const html_url = `https://github.test/acme/mnist/pull/${issue}#issuecomment-${id}`;
    const comment = { id, issue, html_url, user: by.user, author_association: by.association, body };
    this.all.push(comment);
    return comment;
  }
}

function refusalOf(body: unknown): Answer | undefined {
  if (typeof body !== 'string' || body === '') return invalid('IssueComment', 'body', 'missing_field');
  return body.length > LONGEST_BODY ? invalid('IssueComment', 'body', 'custom') : undefined;
}
