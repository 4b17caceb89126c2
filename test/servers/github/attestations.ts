import { type Answer, invalid } from './answer';

interface Bundle {
  readonly mediaType?: unknown;
  readonly verificationMaterial?: unknown;
  readonly dsseEnvelope?: unknown;
}

/** The attestations of one repository (docs.github.com/rest/repos/attestations). */
export class Attestations {
  readonly all: Bundle[] = [];

  create({ bundle }: Readonly<Record<string, unknown>>): Answer {
    const { mediaType, verificationMaterial, dsseEnvelope } = (bundle ?? {}) as Bundle;
    const isWhole = typeof mediaType === 'string' && verificationMaterial !== undefined;
    if (!isWhole || dsseEnvelope === undefined) return invalid('Attestation', 'bundle', 'invalid');
    this.all.push(bundle as Bundle);
    return [201, { id: this.all.length }];
  }
}
