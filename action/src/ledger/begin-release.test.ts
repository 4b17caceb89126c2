import { randomBytes } from 'node:crypto';
import { hasCode, parseLedger } from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { beginRelease } from './begin-release';
import { hurriedClock, type LedgerStage, withLedger } from './ledger.fixture';
import { readLedger, updateLedger } from './ledger-store';
import { readManifests } from './stored-manifests';

jest.setTimeout(30_000);

const objectsOf = (data: string): readonly KubernetesObject[] => [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'apps' }, data: { data } },
];
const begin = ({ place }: LedgerStage, version: string, objects = objectsOf(version)) => {
  const warnings: string[] = [];
  const begun = beginRelease({
    place,
    holder: `run#${version}`,
    clock: hurriedClock,
    facts: { version, image: `r.test/m@sha256:${'a'.repeat(64)}` },
    objects,
    onWarning: warning => warnings.push(warning),
  });
  return begun.then(release => ({ ...release, warnings }));
};

it('keeps the manifests, and reads them back as they were', () =>
  withLedger(async stage => {
    const { record } = await begin(stage, '1.0.0');
    const [secret] = stage.server.list('v1', 'Secret');
    expect(secret).toMatchObject({
      type: 'modelpier.io/release.v1',
      metadata: { name: 'modelpier-release-mnist-0', labels: { 'modelpier.io/model': 'mnist' } },
    });
    const stored = record.manifests ?? { secret: '', digest: '' };
    expect(await readManifests(stage.place, stored, {})).toEqual(objectsOf('1.0.0'));
  }));

it('keeps ten releases and the last healthy one in eleven Secrets, whatever comes', () =>
  withLedger(async stage => {
    const first = await begin(stage, '1.0.0');
    await first.end({ verdict: 'healthy' });
    for (let count = 0; count < 25; count += 1) {
      const failed = await begin(stage, `2.0.${count}`);
      await failed.end({ verdict: 'failed' });
    }
    expect(stage.server.list('v1', 'Secret')).toHaveLength(11);
    const { releases } = await readLedger(stage.place);
    expect(releases).toHaveLength(26);
    const kept = releases.filter(({ manifests }) => manifests !== undefined);
    expect(kept.map(({ version }) => version)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `2.0.${24 - index}`),
      '1.0.0',
    ]);
    for (const { version, manifests } of kept) {
      expect(await readManifests(stage.place, manifests ?? { secret: '', digest: '' }, {})).toEqual(
        objectsOf(version),
      );
    }
  }));

it('refuses manifests that are not those that the ledger names', () =>
  withLedger(async stage => {
    const { record } = await begin(stage, '1.0.0');
    const { secret = '' } = record.manifests ?? {};
    const read = readManifests(stage.place, { secret, digest: 'sha256:other' }, {});
    await expect(read).rejects.toThrow('they are not those that the ledger names');
  }));

it('goes on without manifests that are too large for a Secret, with a warning', () =>
  withLedger(async stage => {
    const { record, warnings } = await begin(
      stage,
      '1.0.0',
      objectsOf(randomBytes(1_500_000).toString('hex')),
    );
    expect(record.manifests).toEqual(undefined);
    expect(warnings).toEqual([
      expect.stringMatching(/^the manifests have 1\.\d+ MB when compressed.*cannot be rolled back to$/),
    ]);
    expect(stage.server.list('v1', 'Secret')).toEqual([]);
  }));

it('takes manifests of many megabytes that compress well', () =>
  withLedger(async stage => {
    const objects = objectsOf('x'.repeat(20_000_000));
    const { record } = await begin(stage, '1.0.0', objects);
    expect(await readManifests(stage.place, record.manifests ?? { secret: '', digest: '' }, {})).toEqual(
      objects,
    );
  }));

it('loses no word where several write at once, and where answers are lost', () =>
  withLedger(async stage => {
    await begin(stage, '1.0.0');
    stage.server.faults.plant({ method: 'PATCH', url: /configmaps/, times: 5, hangUp: true });
    const writers = Array.from({ length: 12 }, (_, index) =>
      updateLedger(
        stage.place,
        ledger => ({
          ...ledger,
          releases: [
            {
              ...ledger.releases[0],
              id: `w${index}`,
              version: 'w',
              image: 'i',
              startedAt: 't',
              verdict: 'failed' as const,
            },
            ...ledger.releases.filter(({ id }) => id !== `w${index}`),
          ],
        }),
        { creator: `writer-${index}` },
      ),
    );
    await Promise.all(writers);
    const { releases } = parseLedger(stage.server.list('v1', 'ConfigMap')[0]);
    expect(new Set(releases.map(({ id }) => id)).size).toBe(13);
    expect(releases).toHaveLength(13);
  }));

it('has a right to nothing of another model', () =>
  withLedger(async stage => {
    const other = { ...stage, place: { ...stage.place, model: 'letters' } };
    const refused = await begin(other, '1.0.0').catch((error: unknown) => error);
    expect(hasCode(refused, 'forbidden')).toBe(true);
  }));
