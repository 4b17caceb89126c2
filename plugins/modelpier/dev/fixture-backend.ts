import { type ModelFixture } from './fixtures';
import { type FleetFixture } from './fleet';
import { answerFor } from './routes';

export const BASE_URL = 'http://backend.test/api/modelpier';

const json = (body: unknown, status: number, type = 'application/json'): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });

/** What the backend says where it fails (RFC 9457). */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** The backend as the network shows it: answers fixtures, and fails where it is told to. */
export class FixtureBackend<F extends ModelFixture | FleetFixture = ModelFixture> {
  /** Replaced in the middle of a test when the world changes. */
  fixture: F;
  /** While set, every question is refused. */
  refusal: Refusal | undefined;
  readonly asked: string[] = [];
  /** While set, nothing that is sent is answered. */
  isSilent = false;
  /** What was sent with each question that sends something. */
  readonly sent: { readonly path: string; readonly body: unknown }[] = [];

  constructor(fixture: F) {
    this.fixture = fixture;
  }

  readonly fetch: typeof fetch = (input, init) => {
    const { url, method } = new Request(input, init);
    const path = url.slice(BASE_URL.length);
    this.asked.push(`${method} ${path}`);
    if (typeof init?.body === 'string') {
      this.sent.push({ path, body: JSON.parse(init.body) as unknown });
      if (this.isSilent) return Promise.reject(new TypeError('Failed to fetch'));
    }
    if (this.refusal !== undefined) {
      const { status } = this.refusal;
      return Promise.resolve(
        json({ type: 'about:blank', ...this.refusal }, status, 'application/problem+json'),
      );
    }
    const answer = answerFor(this.fixture, path);
    return Promise.resolve(answer === undefined ? json({}, 404) : json(answer, 200));
  };
}
