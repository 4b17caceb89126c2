/** Wording of the proofs of a version; none of it says that a version is harmless. */
export const enMarks = {
  title: 'Checks and proofs',
  none: 'none known',
  firstSeen: 'first seen {{age}}',
  scan: { name: 'Safety scan' },
  signature: { name: 'Signature' },
  provenance: { name: 'Provenance' },
  sbom: { name: 'SBOM' },
  short: {
    safe: 'Scan: nothing known found',
    'executable-format': 'Scan: can run code',
    suspicious: 'Scan: suspicious',
    dangerous: 'Scan: dangerous',
  },
  says: {
    safe: 'nothing known found',
    'executable-format': 'nothing known found, but can run code',
    suspicious: 'suspicious',
    dangerous: 'dangerous',
    notScanned: 'not scanned',
    signed: 'signed, not verified',
    present: 'found',
    absent: 'none found',
    notAsked: 'not known yet',
  },
  why: {
    safe: 'The files were looked through before the push, and nothing known to do harm was found. No scan can promise more.',
    'executable-format':
      'Nothing known to do harm was found, but files of this format can run code when they are loaded: load them only from people you trust.',
    suspicious:
      'The scan found something that the known libraries never write. The release that shipped it was allowed to.',
    dangerous:
      'The scan found something that harms who loads it. The release that shipped it was allowed to.',
    notScanned: 'The image does not say that its files were scanned.',
    signed:
      'Somebody has put a signature beside the image. Whose it is has not been checked here; a release with verify checks it.',
    present: 'The registry has such a document beside the image. What it says has not been checked here.',
    absent: 'The registry has no such document beside the image.',
    notAsked: 'The registry has not been asked yet.',
  },
} as const;
