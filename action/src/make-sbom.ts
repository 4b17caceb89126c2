import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Digest,
  formatPlatform,
  formatReference,
  formatRepository,
  hasCode,
} from '@modelpier/backstage-plugin-modelpier-common';
import { attachDocument } from '@modelpier/backstage-plugin-modelpier-node';
import type { Release } from './build';
import { sha256 } from './image/sha256';
import type { UntaggedImage, UsedBase } from './image/untagged-image';
import type { Run } from './main';
import type { SbomBase, SbomSubject } from './sbom/sbom-subject';

const SBOM_TYPE = 'application/vnd.cyclonedx+json';
const SBOM_FILE = 'modelpier-sbom.cdx.json';
/** Referrers that are SBOMs, by the media types of CycloneDX, SPDX and Syft. */
const SBOM_TYPES = /cyclonedx|spdx|syft/i;

export interface ToldImage {
  readonly image: UntaggedImage;
  /** Otherwise nothing leaves this machine. */
  readonly isPushed: boolean;
}

/** Writes the SBOM of an image into a file, and keeps it beside the image in every repository. */
export async function makeSbom(run: Run, release: Release, { image, isPushed }: ToldImage): Promise<void> {
  const { context, ports, recorder } = run;
  // Only runs that want an SBOM pay for the library.
  const { renderSbom } = await import('./sbom/render-sbom');
  const bytes = renderSbom(await sbomSubject(run, release, image));
  const path = join(context.temporaryFolder, SBOM_FILE);
  await mkdir(context.temporaryFolder, { recursive: true });
  await writeFile(path, bytes);
  const attached: string[] = [];
  for (const { registry, path: name } of isPushed ? image.repositories : []) {
    const repository = { registry, path: name };
    const referrer = await attachDocument(ports.registry, repository, {
      subject: image.root,
      document: { artifactType: SBOM_TYPE, bytes },
      signal: ports.signal,
    });
    attached.push(formatReference({ ...repository, digest: referrer }));
    ports.tell.note(`SBOM of ${image.root.digest} in ${formatRepository(repository)}: ${referrer}`);
  }
  recorder.proof({ sbom: { digest: sha256(bytes), path, attached } });
}

async function sbomSubject(
  { inputs, ports }: Run,
  { model, version, facts, scanVerdict }: Release,
  { root, repositories: [repository], modelDigest, files, bases }: UntaggedImage,
): Promise<SbomSubject> {
  if (repository === undefined) throw new TypeError('there is no repository that has the image');
  const { epoch } = inputs.build;
  return {
    repository,
    digest: root.digest,
    model,
    version,
    modelDigest,
    facts,
    scanVerdict,
    files,
    bases: await Promise.all(bases.map(base => withSboms(ports, base))),
    epochSeconds: epoch === 'commit' ? await ports.commitTime() : epoch,
  };
}

async function withSboms(ports: Run['ports'], { platform, reference, digest }: UsedBase): Promise<SbomBase> {
  const sboms = await sbomsOf(ports, reference, digest);
  return { reference, digest, platform: formatPlatform(platform), sboms };
}

/** What refers to the base image itself; who may not look finds none. */
async function sbomsOf(
  { registry, signal }: Run['ports'],
  repository: UsedBase['reference'],
  digest: Digest,
): Promise<SbomBase['sboms']> {
  try {
    const referrers = await registry.listReferrers(repository, digest, { signal });
    return referrers.flatMap(({ digest: sbom, artifactType = '' }) =>
      SBOM_TYPES.test(artifactType) ? [{ digest: sbom, artifactType }] : [],
    );
  } catch (error) {
    if (hasCode(error, 'unauthorized', 'forbidden', 'not-found', 'unsupported')) return [];
    throw error;
  }
}
