import { SCAN_POLICIES, type ScanPolicy } from '@modelpier/backstage-plugin-modelpier-common';
import type { InputReader } from './reader';

/** What model files may hold, and what is to be said of an image. */
export interface SafetyInputs {
  readonly scan: ScanPolicy;
  readonly sarifFile: string | undefined;
  readonly sbom: boolean;
}

export const readSafetyInputs = (reader: InputReader): SafetyInputs => ({
  scan: reader.choice('scan', SCAN_POLICIES, 'block'),
  sarifFile: reader.text('sarif-file'),
  sbom: reader.flag('sbom', false),
});
