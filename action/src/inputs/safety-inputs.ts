import {
  hasCode,
  type Mode,
  parseIdentity,
  SCAN_POLICIES,
  type ScanPolicy,
  type WantedIdentity,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { InputReader } from './reader';

const GOLDEN_POLICIES = ['auto', 'require', 'off'] as const;
export type GoldenPolicy = (typeof GOLDEN_POLICIES)[number];

/** How an image is signed: with a key that is given, or with one that lives for a moment under the job's identity. */
export type SignInputs =
  | { readonly by: 'key'; readonly key: string; readonly password: string | undefined }
  | { readonly by: 'keyless' };

export type VerifyInputs =
  | { readonly by: 'key'; readonly key: string }
  | {
      readonly by: 'identity';
      readonly identities: readonly WantedIdentity[];
      /** The file of a trusted root; that of sigstore's public instance where none is given. */
      readonly trustedRoot: string | undefined;
    };

/** What model files may hold, what is to be said of an image, and what has to be said of it already. */
export interface SafetyInputs {
  readonly scan: ScanPolicy;
  readonly sarifFile: string | undefined;
  /** Whether what the model answers is checked; `auto`: where there are cases and a way to ask. */
  readonly golden: GoldenPolicy;
  readonly sbom: boolean;
  /** `auto`: signed under the job's identity and told to GitHub, as far as the job's permissions go. */
  readonly provenance: boolean | 'auto';
  /** Nothing where no signature is asked for, or in a plan, which has none to make. */
  readonly sign: SignInputs | undefined;
  /** The file that names the services of a sigstore instance of one's own. */
  readonly signingConfig: string | undefined;
  /** Only an image that is so signed is deployed or promoted. */
  readonly verify: VerifyInputs | undefined;
}

export function readSafetyInputs(reader: InputReader, mode: Exclude<Mode, 'auto'>): SafetyInputs {
  const provenance = reader.text('provenance') === 'auto' ? 'auto' : reader.flag('provenance', false);
  const inputs = {
    scan: reader.choice('scan', SCAN_POLICIES, 'block'),
    sarifFile: reader.text('sarif-file'),
    golden: readGolden(reader, mode),
    sbom: reader.flag('sbom', false),
    provenance,
    sign: readSign(reader, mode),
    signingConfig: reader.text('signing-config'),
    verify: readVerify(reader),
  } as const;
  const isKeyless = reader.text('sign') === 'keyless' || provenance === 'auto';
  if (inputs.signingConfig !== undefined && !isKeyless) {
    reader.fault('signing-config', 'is only used with sign: keyless and provenance: auto');
  }
  return inputs;
}

/** A check that is required, and that no run with these inputs could make, is a mistake in them. */
function readGolden(reader: InputReader, mode: Exclude<Mode, 'auto'>): GoldenPolicy {
  const policy = reader.choice('golden', GOLDEN_POLICIES, 'auto');
  if (policy !== 'require') return policy;
  if (mode === 'rollback')
    reader.fault('golden', 'require: mode: rollback has no golden file of the release that it goes back to');
  if (mode === 'build' && !reader.flag('push', true))
    reader.fault('golden', 'require: with push: false there is no image that an engine could run');
  if (mode !== 'build' && !reader.flag('wait', true))
    reader.fault('golden', 'require: needs wait: true, for only healthy pods are asked');
  return policy;
}

function readSign(reader: InputReader, mode: Exclude<Mode, 'auto'>): SafetyInputs['sign'] {
  const [key, password] = [reader.text('sign-key'), reader.text('sign-password')];
  const by = reader.choice('sign', ['none', 'key', 'keyless'], 'none');
  if (by !== 'key') {
    if (key !== undefined) reader.fault('sign-key', 'is only used with sign: key');
    if (password !== undefined) reader.fault('sign-password', 'is only used with sign: key');
  }
  if (by === 'none') return undefined;
  if (mode === 'deploy' || mode === 'rollback') {
    reader.fault('sign', `mode: ${mode} signs nothing; sign where the image is built or promoted`);
  }
  // A pull request from a fork is planned without secrets.
  if (mode === 'plan') return undefined;
  if (by === 'keyless') return { by };
  if (key === undefined) {
    reader.fault('sign-key', 'is needed for sign: key; pass the secret that holds the private key');
    return undefined;
  }
  return { by, key, password };
}

function readVerify(reader: InputReader): SafetyInputs['verify'] {
  const [key, trustedRoot] = [reader.text('verify-key'), reader.text('trusted-root')];
  const lines = reader.lines('verify-identity');
  const identities = readIdentities(reader, lines);
  const by = reader.choice('verify', ['off', 'key', 'identity'], 'off');
  if (by !== 'key' && key !== undefined) reader.fault('verify-key', 'is only used with verify: key');
  if (by !== 'identity') {
    if (reader.text('verify-identity') !== undefined) {
      reader.fault('verify-identity', 'is only used with verify: identity');
    }
    if (trustedRoot !== undefined) reader.fault('trusted-root', 'is only used with verify: identity');
  }
  if (by === 'off') return undefined;
  if (by === 'identity') {
    if (lines.length === 0) {
      reader.fault('verify-identity', 'is needed for verify: identity; without it anyone could have signed');
    }
    return { by, identities, trustedRoot };
  }
  if (key !== undefined) return { by, key };
  reader.fault('verify-key', 'is needed for verify: key; without it nothing could be told from a forgery');
  return undefined;
}

/** One a line; any of them will do. */
const readIdentities = (reader: InputReader, lines: readonly string[]): readonly WantedIdentity[] =>
  lines.flatMap(line => {
    try {
      return [parseIdentity(line)];
    } catch (error) {
      if (!hasCode(error, 'invalid-input')) throw error;
      reader.fault('verify-identity', error.message);
      return [];
    }
  });
