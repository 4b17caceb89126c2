/** Labels of images and annotations of workloads are anybody's text: only web addresses become links. */
export function webAddress(text: string | null | undefined): URL | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
  } catch {
    return undefined;
  }
}

const COMMIT = /^[0-9a-f]{7,64}$/;

/** The commit's page, on hosts that lay it out as GitHub does. */
export function commitAddress(source: string | null, commit: string): string | undefined {
  const url = webAddress(source);
  if (url === undefined || !COMMIT.test(commit)) return undefined;
  return `${url.origin}${url.pathname.replace(/(?:\.git)?\/*$/, '')}/commit/${commit}`;
}

export const shortCommit = (commit: string): string => (COMMIT.test(commit) ? commit.slice(0, 7) : commit);
