import { ModelpierError } from '../error';

/** Who signed, by the word of a certificate authority. */
export interface SignerIdentity {
  /** An address of mail, or of the workflow that ran: `https://github.com/acme/mnist-mlp/.github/workflows/...`. */
  readonly subject: string;
  /** Who had asked them to prove it. */
  readonly issuer: string;
  /** Whose run it was: a reusable workflow runs for others than its own repository. */
  readonly repository?: string | undefined;
}

/** Who may have signed; the subject may have wildcards. */
export interface WantedIdentity extends SignerIdentity {
  /** As it was written. */
  readonly text: string;
}

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

const MOST_CHARACTERS = 2048;
/** Whatever the wildcards stand for, host and owner are those that were written. */
const OWNED_URL = /^https:\/\/[^/*@]+\/[^/*@]+\/./;
const OWNED_ADDRESS = /^[^/@]+@[^/@*]+$/;

/**
 * `SUBJECT [issuer=URL] [repository=URL]`. In the subject `*` stands for any characters but `/` and `@`, and `**`,
 * at its end alone, for all that follows. Issuer and repository are exact.
 */
export function parseIdentity(text: string): WantedIdentity {
  const [subject = '', ...rest] = text.trim().split(/\s+/);
  if (text.length > MOST_CHARACTERS) throw refusal('it has too many characters');
  checkSubject(subject);
  const options = new Map<string, string>();
  for (const option of rest) {
    const [, name = '', value = ''] = /^(issuer|repository)=(https:\/\/[^\s*]+)$/.exec(option) ?? [];
    if (name === '')
      throw refusal(`${JSON.stringify(option)} is neither issuer=https://... nor repository=https://...`);
    if (options.has(name)) throw refusal(`${name} is there twice`);
    options.set(name, value);
  }
  const repository = options.get('repository');
  const issuer = options.get('issuer') ?? GITHUB_ISSUER;
  return { text: text.trim(), subject, issuer, ...(repository !== undefined && { repository }) };
}

function checkSubject(subject: string): void {
  if (!subject.includes('@') && !subject.startsWith('https://')) {
    throw refusal(
      `${JSON.stringify(subject)} is neither an address of mail nor one that begins with https://`,
    );
  }
  if (/\*\*./.test(subject)) throw refusal('** may only stand at the end of the subject');
  if (subject.includes('*') && !OWNED_URL.test(subject) && !OWNED_ADDRESS.test(subject)) {
    throw refusal(
      'host and owner, of an address of mail its domain, may have no wildcard: anyone could sign',
    );
  }
}

const refusal = (reason: string): ModelpierError => new ModelpierError('invalid-input', reason);

/** Whether this is who was wanted: nothing of it may differ but what a wildcard stands for. */
export const isIdentity = (
  { subject, issuer, repository }: SignerIdentity,
  wanted: WantedIdentity,
): boolean =>
  patternOf(wanted.subject).test(subject) &&
  issuer === wanted.issuer &&
  (wanted.repository === undefined || repository === wanted.repository);

function patternOf(subject: string): RegExp {
  const parts = subject.split(/(\*+)/).map(part => {
    if (part === '*') return '[^/@\\s]*';
    return part === '**' ? '\\S+' : part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

export const formatIdentity = ({ subject, issuer }: SignerIdentity): string =>
  issuer === GITHUB_ISSUER ? subject : `${subject} (${issuer})`;
