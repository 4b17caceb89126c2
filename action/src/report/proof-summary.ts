import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import { code, escapeMarkdown, table } from './markdown';

/** What is said of the image beside it. That it is signed is one thing, that a signature was verified another. */
export function renderProof({ proof }: Report): string | undefined {
  if (proof === undefined) return undefined;
  const { sbom, provenance, signature, verified } = proof;
  const rows = [
    [
      'SBOM',
      sbom === undefined ? undefined : code(sbom.attached[0] ?? 'not attached, for nothing was pushed'),
    ],
    ['provenance', provenance?.attached[0] === undefined ? undefined : code(provenance.attached[0])],
    ['attestation', provenance?.attestation],
    ['signed', signature?.references[0] === undefined ? undefined : code(signature.references[0])],
    ['verified', verified === undefined ? undefined : escapeMarkdown(`signature by ${verified.signer}`)],
  ].filter((row): row is string[] => row[1] !== undefined);
  return ['### Proof', table([{ title: 'what' }, { title: 'value' }], rows)].join('\n\n');
}
