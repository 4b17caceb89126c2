import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** Where a signature without a key comes from: who certifies, and who says when it was made. */
export interface Endpoints {
  readonly fulcioUrl: string;
  /** The public log, where one is kept. */
  readonly rekorUrl?: string | undefined;
  /** A timestamp authority; one of the two there is. */
  readonly tsaUrl?: string | undefined;
}

const PUBLIC_GOOD: Endpoints = {
  fulcioUrl: 'https://fulcio.sigstore.dev',
  rekorUrl: 'https://rekor.sigstore.dev',
};

interface Source {
  readonly serverUrl: string;
  readonly isPublic: boolean;
}

/**
 * As GitHub's own attestations choose: sigstore's public instance for public repositories alone. All others' names,
 * branches and commits would stand in a public log, so that GitHub's own instance signs for them, which keeps none.
 */
export function endpointsFor({ serverUrl, isPublic }: Source): Endpoints {
  const { hostname } = new URL(serverUrl);
  if (hostname === 'github.com') return isPublic ? PUBLIC_GOOD : ofGithub('githubapp.com');
  if (hostname.endsWith('.ghe.com')) return ofGithub(hostname);
  throw new ModelpierError(
    'unsupported',
    `sign without a key: no certificate authority is known for ${hostname}`,
    {
      hint: 'name that of your own sigstore instance by signing-config, or use sign: key',
    },
  );
}

const ofGithub = (host: string): Endpoints => ({
  fulcioUrl: `https://fulcio.${host}`,
  tsaUrl: `https://timestamp.${host}`,
});
