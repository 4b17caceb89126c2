import type { ReferrerKind } from '@modelpier/backstage-plugin-modelpier-common';

/** What a document that refers to an image is, by its type; the first rule that fits counts. */
const RULES: readonly (readonly [RegExp, ReferrerKind])[] = [
  [/spdx|cyclonedx|sbom/i, 'sbom'],
  [/in-toto|dsse|attestation|provenance|slsa|\.att$/i, 'attestation'],
  [/sigstore|cosign|notary|signature|\.sig$/i, 'signature'],
];

/** Sigstore's bundles are all of one type, and say here what is in them. */
const PREDICATE_TYPE = 'dev.sigstore.bundle.predicateType';
const BUNDLE_CONTENT = 'dev.sigstore.bundle.content';

export function referrerKind(
  artifactType: string,
  annotations: Readonly<Record<string, string>> = {},
): ReferrerKind {
  const told = [annotations[PREDICATE_TYPE], annotations[BUNDLE_CONTENT], artifactType];
  for (const text of told) {
    const rule = RULES.find(([pattern]) => pattern.test(text ?? ''));
    if (rule !== undefined) return rule[1];
  }
  return 'other';
}
