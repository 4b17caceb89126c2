import { type Answer, Refusal } from '../answer';
import type { Exchange } from '../exchange';
import { isUploadPart, type Profile } from '../profile';
import { repositoryOf } from '../route';

const MAX_TAGS = 1000;
const ACCOUNT = '123456789012';

interface EcrOptions {
  /** From `aws ecr get-login-password`; the user is always `AWS`. */
  readonly password: string;
  /** Those that were created; a push creates none. */
  readonly repositories: readonly string[];
}

/**
 * Amazon's registry.
 * - Basic only, user `AWS`: docs.aws.amazon.com, "Private registry authentication".
 * - PATCH is answered with 201, and `Range` stays where the first one ended: aws/containers-roadmap#2831,
 *   jdx/mise#11376.
 * - `tags/list?n=` over 1000 is refused: google/go-containerregistry#681 (the words).
 * - A repository has to be created first: mulgadc/spinifex#400, actions/starter-workflows#2647 (the words).
 * - A blob is mounted only where a manifest of its repository names it: aws/containers-roadmap#2860.
 */
export function ecr({ password, repositories }: EcrOptions): Profile {
  const firstEnds = new Map<string, string>();
  return {
    auth: { kind: 'basic', users: { AWS: { password } } },
    prepare: exchange => {
      assertExists(exchange, repositories);
      assertFewTags(exchange);
      return withoutLooseMount(exchange);
    },
    change: (exchange, answer) => stuck(exchange, firstEnds, isAccepted(exchange, answer)),
  };
}

function assertExists({ method, url }: Exchange, repositories: readonly string[]): void {
  const name = repositoryOf(url.pathname);
  if (name === undefined || repositories.includes(name)) return;
  const message = `The repository with name '${name}' does not exist in the registry with id '${ACCOUNT}'`;
  throw new Refusal(404, method === 'HEAD' ? 'BLOB_UNKNOWN' : 'NAME_UNKNOWN', message);
}

function assertFewTags({ url }: Exchange): void {
  if (Number(url.searchParams.get('n') ?? 0) <= MAX_TAGS) return;
  const message =
    "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'";
  throw new Refusal(405, 'UNSUPPORTED', message);
}

/** A blob that no manifest names is there, and cannot be mounted. */
function withoutLooseMount(exchange: Exchange): Exchange {
  const { registry, url } = exchange;
  const mounted = url.searchParams.get('mount');
  const from = registry.repositories.find(url.searchParams.get('from') ?? '');
  const named = [...(from?.manifests.values() ?? [])].flatMap(({ blobs = [] }) => blobs);
  if (mounted === null || named.includes(mounted)) return exchange;
  const plain = new URL(url);
  plain.searchParams.delete('mount');
  return { ...exchange, url: plain };
}

const isAccepted = (exchange: Exchange, answer: Answer): Answer =>
  isUploadPart(exchange) && answer.status === 202 ? { ...answer, status: 201 } : answer;

function stuck({ url }: Exchange, firstEnds: Map<string, string>, answer: Answer): Answer {
  const range = answer.headers?.['range'];
  if (range === undefined || range === '0-0') return answer;
  const first = firstEnds.get(url.pathname) ?? range;
  firstEnds.set(url.pathname, first);
  return { ...answer, headers: { ...answer.headers, range: first } };
}
