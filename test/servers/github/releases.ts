import { type Answer, invalid, NOT_FOUND } from './answer';

export interface Release {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly html_url: string;
  body: string | null;
}

const LONGEST_BODY = 125_000;

/** The releases of one repository (docs.github.com/rest/releases). */
export class Releases {
  readonly all: Release[] = [];

  publish(tag: string, body: string | null): Release {
    const release = {
      id: this.all.length + 1,
      tag_name: tag,
      draft: false,
      html_url: `https://github.test/releases/tag/${tag}`,
      body,
    };
    this.all.push(release);
    return release;
  }

  byTag(tag: string): Answer {
    const found = this.all.find(release => release.tag_name === tag);
    return found === undefined ? NOT_FOUND : [200, found];
  }

  update(id: number, { body }: Readonly<Record<string, unknown>>): Answer {
    const found = this.all.find(release => release.id === id);
    if (found === undefined) return NOT_FOUND;
    if (String(body).length > LONGEST_BODY) return invalid('Release', 'body', 'custom');
    if (typeof body === 'string') found.body = body;
    return [200, found];
  }
}
