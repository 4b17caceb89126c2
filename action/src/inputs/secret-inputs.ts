import type { Environment } from '../github/context';
import { InputReader } from './reader';

/** Everything among the inputs that must never be read in a log, and what is derived from it. */
export function secretInputs(environment: Environment): readonly string[] {
  const reader = new InputReader(environment);
  const [username, password] = [reader.text('username'), reader.text('password')];
  const derived =
    password === undefined ? [] : [basic(username ?? '', password), encodeURIComponent(password)];
  const secrets = [
    password,
    reader.text('github-token'),
    reader.text('sign-key'),
    reader.text('sign-password'),
    ...derived,
  ];
  return [...new Set(secrets.filter(secret => secret !== undefined))];
}

const basic = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
