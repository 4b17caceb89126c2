import { ModelpierError, object, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';
import { execFile } from 'node:child_process';
import type { Credential } from './credential';
import { redact } from './redact';
import { systemCode } from './system-code';

/** Helpers of cloud vendors ask their own servers first. */
const HELPER_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** The user name that stands for "the secret is an identity token" (docker-credential-helpers). */
const TOKEN_USER = '<token>';
const NOT_FOUND = /credentials not found/i;

const helperAnswer = object({ Username: text, Secret: text });

/** Asks `docker-credential-<helper>`; `undefined` where it knows nothing of the server. */
export async function askCredentialHelper(
  { helper, server }: { readonly helper: string; readonly server: string },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Credential | undefined> {
  if (!/^[\w.-]+$/.test(helper)) {
    throw new ModelpierError('invalid-input', `${JSON.stringify(helper)} is not a credential helper's name`);
  }
  const answer = await run(`docker-credential-${helper}`, server, environment);
  if (answer === undefined) return undefined;
  const { Username, Secret } = parseAnswer(answer, helper);
  if (Secret === '') return undefined;
  return Username === TOKEN_USER
    ? { kind: 'identity-token', token: Secret }
    : { kind: 'basic', username: Username, password: Secret };
}

function parseAnswer(answer: string, helper: string) {
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    // No cause: it would quote the secret.
    throw new ModelpierError('upstream', `docker-credential-${helper}: the answer is not JSON`);
  }
  return parseWith(helperAnswer, json, `the answer of docker-credential-${helper}`);
}

function run(
  program: string,
  server: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { env: environment, timeout: HELPER_TIMEOUT_MS, maxBuffer: MAX_ANSWER_BYTES };
    const child = execFile(program, ['get'], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      // Helpers say so on the standard output, and exit with 1.
      else if (NOT_FOUND.test(stdout)) resolve(undefined);
      else reject(failed(program, server, { error, words: stderr }));
    });
    // A helper that is not there, or that does not read, is told by the exit and not by the pipe.
    child.stdin?.on('error', () => undefined).end(server);
  });
}

function failed(program: string, server: string, failure: { error: Error; words: string }): ModelpierError {
  const { error } = failure;
  const isAbsent = systemCode(error) === 'ENOENT';
  const words = isAbsent ? 'it is not installed' : redact(failure.words);
  return new ModelpierError('unauthorized', `${program} get ${server}: ${words === '' ? 'failed' : words}`, {
    hint: isAbsent
      ? "install it, or remove it from credHelpers and credsStore in Docker's config.json"
      : `run "echo ${server} | ${program} get" on this machine`,
  });
}
