import { type Mode, SCAN_POLICIES, type ScanPolicy } from '@modelpier/backstage-plugin-modelpier-common';
import type { InputReader } from './reader';

const GOLDEN_POLICIES = ['auto', 'require', 'off'] as const;
export type GoldenPolicy = (typeof GOLDEN_POLICIES)[number];

/** What model files may hold, what is to be said of an image, and what has to be said of it already. */
export interface SafetyInputs {
  readonly scan: ScanPolicy;
  readonly sarifFile: string | undefined;
  /** Whether what the model answers is checked; `auto`: where there are cases and a way to ask. */
  readonly golden: GoldenPolicy;
  readonly sbom: boolean;
  readonly provenance: boolean;
  /** Nothing where no signature is asked for, or in a plan, which has none to make. */
  readonly sign: { readonly key: string; readonly password: string | undefined } | undefined;
  /** Only an image that the key has signed is deployed or promoted. */
  readonly verify: { readonly key: string } | undefined;
}

export const readSafetyInputs = (reader: InputReader, mode: Exclude<Mode, 'auto'>): SafetyInputs => ({
  scan: reader.choice('scan', SCAN_POLICIES, 'block'),
  sarifFile: reader.text('sarif-file'),
  golden: readGolden(reader, mode),
  sbom: reader.flag('sbom', false),
  provenance: reader.flag('provenance', false),
  sign: readSign(reader, mode),
  verify: readVerify(reader),
});

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
  if (reader.choice('sign', ['none', 'key'], 'none') === 'none') {
    if (key !== undefined) reader.fault('sign-key', 'is only used with sign: key');
    if (password !== undefined) reader.fault('sign-password', 'is only used with sign: key');
    return undefined;
  }
  if (mode === 'deploy' || mode === 'rollback') {
    reader.fault('sign', `mode: ${mode} signs nothing; sign where the image is built or promoted`);
  }
  // A pull request from a fork is planned without secrets.
  if (mode === 'plan') return undefined;
  if (key === undefined) {
    reader.fault('sign-key', 'is needed for sign: key; pass the secret that holds the private key');
    return undefined;
  }
  return { key, password };
}

function readVerify(reader: InputReader): SafetyInputs['verify'] {
  const key = reader.text('verify-key');
  if (reader.choice('verify', ['off', 'key'], 'off') === 'off') {
    if (key !== undefined) reader.fault('verify-key', 'is only used with verify: key');
    return undefined;
  }
  if (key !== undefined) return { key };
  reader.fault('verify-key', 'is needed for verify: key; without it nothing could be told from a forgery');
  return undefined;
}
