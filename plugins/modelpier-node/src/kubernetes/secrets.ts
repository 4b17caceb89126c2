import { existsSync, readFileSync } from 'node:fs';
import { readKubeconfig } from './kubeconfig';

/** Shorter texts are no secrets, and masking them would blot out half the log. */
const SHORTEST = 6;

/** Every token, password and private key of a kubeconfig (path or content), as it may show up in a log. */
export async function secretsOf(kubeconfig: string): Promise<readonly string[]> {
  const { users, clusters } = await readKubeconfig(kubeconfig);
  const found = new Set<string>();
  for (const { fields } of users) for (const value of secretsOfUser(fields)) found.add(value);
  for (const { fields } of clusters) {
    const proxy = fields['proxy-url'];
    if (typeof proxy === 'string' && URL.canParse(proxy))
      found.add(decodeURIComponent(new URL(proxy).password));
  }
  return [...found].filter(value => value.length >= SHORTEST);
}

function* secretsOfUser(user: Readonly<Record<string, unknown>>): Generator<string> {
  for (const key of ['token', 'password']) yield* textOf(user[key]);
  const key = user['client-key-data'];
  if (typeof key === 'string') {
    yield key;
    yield* linesOf(Buffer.from(key, 'base64').toString('utf8'));
  }
  for (const path of [user['client-key'], user.tokenFile]) {
    if (typeof path === 'string' && existsSync(path)) yield* linesOf(readFileSync(path, 'utf8'));
  }
  yield* leavesOf((user['auth-provider'] as { config?: unknown } | undefined)?.config);
  const environment = (user.exec as { env?: unknown } | undefined)?.env;
  if (Array.isArray(environment))
    for (const one of environment) yield* textOf((one as { value?: unknown }).value);
}

/** A log shows a key line by line, so that is how it has to be masked. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => !line.startsWith('-----'));

const textOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

function leavesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return textOf(value);
  return Object.entries(value)
    .filter(([key]) => /token|secret|password|key/i.test(key))
    .flatMap(([, inner]) => leavesOf(inner));
}
