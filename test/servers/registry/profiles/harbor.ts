import { Refusal } from '../answer';
import type { Exchange } from '../exchange';
import { announcedBytes, type Profile, uploadOf } from '../profile';
import { repositoryOf } from '../route';

const MEBIBYTE = 1024 * 1024;

interface HarborOptions {
  /** `robot$project+name`. */
  readonly robot: string;
  readonly secret: string;
  /** Repositories of projects that the robot may not read. */
  readonly foreignRepositories?: readonly string[];
  /** Of each project; the first part of a repository's path names it. */
  readonly quotaBytes?: number;
  /** 412 up to Harbor 2.0, 403 since. */
  readonly quotaStatus?: 403 | 412;
}

/**
 * Harbor.
 * - A full project is told when a blob ends, not when it begins: goharbor/harbor#17390, #19295 (the words).
 * - Robot accounts are named `robot$project+name`: goharbor.io, "Create Project Robot Accounts".
 * - A session cookie with every answer; who sends one back needs a CSRF token too: goharbor/harbor#11682
 *   (the words), dotnet/sdk-container-builds#418, cirruslabs/tart#295.
 * - Readable tokens from `/service/token`, which give less than was asked for: a mount from a project without
 *   rights begins an upload.
 */
export function harbor(options: HarborOptions): Profile {
  const { robot, secret, foreignRepositories = [], quotaBytes = Infinity, quotaStatus = 403 } = options;
  const usedBytes = new Map<string, number>();
  return {
    auth: {
      kind: 'bearer',
      users: { [robot]: { password: secret, mayNotPull: foreignRepositories } },
      tokenPath: '/service/token',
      readableTokens: true,
    },
    prepare: exchange => {
      assertNoCookie(exchange);
      const endsBytes = endedBytes(exchange);
      if (endsBytes === undefined) return exchange;
      const project = repositoryOf(exchange.url.pathname)?.split('/')[0] ?? '';
      const used = usedBytes.get(project) ?? 0;
      if (used + endsBytes > quotaBytes) {
        const code = quotaStatus === 403 ? 'DENIED' : 'PRECONDITION';
        throw new Refusal(quotaStatus, code, quotaWords({ endsBytes, used, quotaBytes }));
      }
      usedBytes.set(project, used + endsBytes);
      return exchange;
    },
    change: (_, answer) => ({
      ...answer,
      headers: { ...answer.headers, 'set-cookie': 'sid=4f2c; Path=/; HttpOnly' },
    }),
  };
}

function assertNoCookie({ method, headers }: Exchange): void {
  if (headers.cookie === undefined || method === 'GET' || method === 'HEAD') return;
  throw new Refusal(403, 'FORBIDDEN', 'CSRF token invalid');
}

/** How much the blob has that this request ends. */
function endedBytes(exchange: Exchange): number | undefined {
  const upload = exchange.method === 'PUT' ? uploadOf(exchange) : undefined;
  return upload === undefined ? undefined : upload.stored.receivedBytes + announcedBytes(exchange);
}

function quotaWords(sizes: { endsBytes: number; used: number; quotaBytes: number }): string {
  const [adding, used, limit] = [sizes.endsBytes, sizes.used, sizes.quotaBytes].map(
    bytes => `${(bytes / MEBIBYTE).toFixed(1)} MiB`,
  );
  return (
    `adding ${adding} of storage resource, which when updated to current usage of ${used} ` +
    `will exceed the configured upper limit of ${limit}.`
  );
}
