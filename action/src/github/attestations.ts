import type { Github } from './connect-github';
import type { RunContext } from './context';
import type { OrWarning } from './deployments';
import { explainRefusal } from './refusal';

/** What of GitHub's REST API attestations need. */
export type AttestationsPort = Pick<Github['repos'], 'createAttestation'>;

export interface Attestation {
  readonly context: Pick<RunContext, 'repository' | 'serverUrl'>;
  /** A bundle of sigstore over a statement. */
  readonly bundle: object;
}

const ADVICE = { permission: 'attestations: write', otherwise: 'set provenance: true' };

/** Gives GitHub an attestation to keep, for `gh attestation verify`; answers its address. */
export async function createAttestation(
  github: AttestationsPort | undefined,
  { context: { repository = '', serverUrl }, bundle }: Attestation,
): Promise<OrWarning<string>> {
  if (github === undefined) {
    return {
      warning: 'GitHub keeps no attestation of the provenance: pass ${{ github.token }} as github-token',
    };
  }
  const [owner = '', repo = ''] = repository.split('/');
  try {
    const { data } = await github.createAttestation({ owner, repo, bundle: { ...bundle } });
    return { value: `${serverUrl}/${owner}/${repo}/attestations/${data.id ?? ''}` };
  } catch (error) {
    return { warning: explainRefusal('keep the provenance as an attestation of GitHub', error, ADVICE) };
  }
}
