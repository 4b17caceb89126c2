import { referrerKind } from './referrer-kind';

it.each([
  ['application/vnd.dev.cosign.artifact.sig.v1+json', {}, 'signature'],
  ['application/vnd.cncf.notary.signature', {}, 'signature'],
  ['sha256-00.sig', {}, 'signature'],
  ['sha256-00.att', {}, 'attestation'],
  ['application/vnd.in-toto+json', {}, 'attestation'],
  ['application/spdx+json', {}, 'sbom'],
  ['application/vnd.cyclonedx+json', {}, 'sbom'],
  ['sha256-00.sbom', {}, 'sbom'],
  [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    { 'dev.sigstore.bundle.content': 'message-signature' },
    'signature',
  ],
  [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' },
    'attestation',
  ],
  [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    { 'dev.sigstore.bundle.predicateType': 'https://spdx.dev/Document' },
    'sbom',
  ],
  ['application/vnd.acme.model-card', {}, 'other'],
])('%s with %j is a %s', (type, annotations, kind) => {
  expect(referrerKind(type, annotations)).toBe(kind);
});
