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
    ...readSecrets(reader),
    ...derived,
  ];
  return [...new Set(secrets.filter(secret => secret !== undefined))];
}

/** The values of build secrets; GitHub masks line by line, so each line of a value is one. */
const readSecrets = (reader: InputReader): readonly string[] =>
  reader
    .lines('secrets')
    .flatMap(item => item.slice(item.indexOf('=') + 1).split(/\r?\n/))
    .filter(line => line.trim() !== '');

const basic = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
