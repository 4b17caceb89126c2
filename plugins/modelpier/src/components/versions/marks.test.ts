import { type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { modelFixture } from '../../../dev/fixtures';
import { isAlarming, isTold, marksOf } from './marks';

const [plain] = modelFixture({ now: new Date() }).versions.items;
const unmarked: Version = { ...plain!, scan: undefined, referrers: undefined };
const says = (version: Version) => marksOf(version).map(({ id, says: word }) => `${id} ${word}`);

it('tells what is not known from what is not there', () => {
  expect(says(unmarked)).toEqual([
    'scan notScanned',
    'signature notAsked',
    'provenance notAsked',
    'sbom notAsked',
  ]);
  expect(says({ ...unmarked, referrers: [] }).slice(1)).toEqual([
    'signature absent',
    'provenance absent',
    'sbom absent',
  ]);
  expect(marksOf(unmarked).filter(isTold)).toEqual([]);
});

it('calls a signature that was found no more than that', () => {
  const signature = {
    kind: 'signature',
    artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    name: plain!.digest,
    firstSeenAt: plain!.firstSeenAt,
  } as const;
  const marks = marksOf({ ...unmarked, scan: 'dangerous', referrers: [signature] });
  expect(marks[1]).toEqual({ id: 'signature', says: 'signed', documents: [signature] });
  expect(marks.filter(isTold).map(({ id }) => id)).toEqual(['scan', 'signature']);
  expect(marks.filter(isAlarming).map(({ id }) => id)).toEqual(['scan']);
});
