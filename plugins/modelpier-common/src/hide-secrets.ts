const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1'],
  [/\b(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]*/gi, '$1'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 (hidden)'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '(hidden)'],
  [/\b(?:gh[a-z]_|github_pat_|AKIA|ASIA)\w{12,}/g, '(hidden)'],
  [
    /((?<![/.\w-])"?(?:\w+[_-])?(?:token|password|passwd|pwd|secret|(?:api|access|private)[_-]?key)"?\s*[:=]\s*"?)[^\s"',;}]+/gi,
    '$1(hidden)',
  ],
];

/**
 * Foreign text without what looks like a password, a token or a key: user and password of an address, query
 * strings, `Authorization` values, JSON web tokens, and values named as secrets. What a program printed in another
 * shape stays; nobody can know it.
 */
export const hideSecrets = (foreign: string): string =>
  SECRETS.reduce((shown, [secret, replacement]) => shown.replace(secret, replacement), foreign);
