import {
  type Digest,
  parseDigest,
  parseReference,
  type Reference,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Knex } from 'knex';
import { chunks } from '../database/values';
import { groupBy } from '../domain/group-by';
import type { StoredWorkload } from '../domain/stored-workload';

/** A version that a digest stands for. */
interface Candidate {
  readonly digest: string;
  readonly version_id: number;
  readonly repository_id: number;
  readonly version: string | null;
  readonly version_digest: string;
  readonly ordered_at: string;
  /** Whether it is this very digest, and not only another manifest of the same image. */
  readonly is_exact: number;
}

/** Finds the versions behind running digests, which may be those of an index or of one of its images. */
export interface VersionJoin {
  /** The version that runs, and whether it is another one than was released. */
  readonly join: (workload: StoredWorkload, repositories: ReadonlySet<number>) => JoinedVersion;
}
export interface JoinedVersion {
  readonly version: string | null;
  readonly versionDigest: Digest | null;
  readonly drift: boolean;
}

interface TaggedVersion {
  readonly registry: string;
  readonly path: string;
  readonly tag: string;
  readonly version_id: number;
}

export async function createVersionJoin(
  knex: Knex,
  workloads: readonly StoredWorkload[],
): Promise<VersionJoin> {
  const references = workloads.map(({ deployment }) => readReference(deployment.image));
  const digests = new Set<string>([
    ...workloads.flatMap(({ deployment, newestDigests }) => [...deployment.runningDigests, ...newestDigests]),
    ...references.flatMap(reference => reference?.digest ?? []),
  ]);
  const candidates = groupBy(await readCandidates(knex, [...digests]), row => row.digest);
  const tagged = await readTagged(knex, references);
  const find = (digest: string, repositories: ReadonlySet<number>) =>
    (candidates.get(digest) ?? []).filter(each => repositories.has(each.repository_id));
  return {
    join: (workload, repositories) => {
      const reference = readReference(workload.deployment.image);
      const released = releasedVersions(reference, { tagged, find, repositories });
      const running = workload.deployment.runningDigests.flatMap(digest => find(digest, repositories));
      const shown = running.find(each => released?.has(each.version_id) === true) ?? running[0];
      return {
        version: shown?.version ?? null,
        versionDigest: shown === undefined ? null : parseDigest(shown.version_digest),
        drift:
          workload.isUnreleased ||
          workload.newestDigests.some(digest =>
            isOther(digest, { reference, released, versions: find(digest, repositories) }),
          ),
      };
    },
  };
}

/** Somebody may push one image under any number of manifests. */
const MOST_TWINS = 100;
const AMONG_NEWEST_TWINS = `twins.id in
  (select id from manifests where config_id = seen.config_id order by id desc limit ?)`;

/**
 * The digest's own first, and newest first, so that of versions that share an image the newest is shown.
 * A node takes two manifests with one config for one image, and tells either of their digests.
 */
async function readCandidates(knex: Knex, digests: readonly string[]): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const part of chunks(digests)) {
    const own = knex('versions')
      .join('manifests as tops', 'tops.id', 'versions.manifest_id')
      .whereIn('tops.digest', [...part])
      .select('tops.digest as digest', 'versions.id as version_id', knex.raw('1 as is_exact'));
    const ofImages = knex('version_images')
      .join('manifests as images', 'images.id', 'version_images.manifest_id')
      .whereIn('images.digest', [...part])
      .select(
        'images.digest as digest',
        'version_images.version_id as version_id',
        knex.raw('1 as is_exact'),
      );
    const ofTwins = knex('manifests as seen')
      .join('manifests as twins', 'twins.config_id', 'seen.config_id')
      .join('version_images', 'version_images.manifest_id', 'twins.id')
      .whereIn('seen.digest', [...part])
      .whereRaw('twins.id <> seen.id')
      .whereRaw(AMONG_NEWEST_TWINS, [MOST_TWINS])
      .select('seen.digest as digest', 'version_images.version_id as version_id', knex.raw('0 as is_exact'));
    const rows = await knex
      .from(own.union([ofImages, ofTwins]).as('found'))
      .join('versions', 'versions.id', 'found.version_id')
      .join('manifests', 'manifests.id', 'versions.manifest_id')
      .orderBy([
        { column: 'found.is_exact', order: 'desc' },
        { column: 'versions.ordered_at', order: 'desc' },
        { column: 'versions.version_key', order: 'desc' },
        { column: 'versions.id', order: 'desc' },
      ])
      .select<Candidate[]>(
        'found.digest as digest',
        'found.is_exact',
        'versions.id as version_id',
        'versions.repository_id',
        'versions.version',
        'versions.ordered_at',
        'manifests.digest as version_digest',
      );
    found.push(...rows);
  }
  return found;
}

/** What the tags that pod templates name stand for now. */
async function readTagged(
  knex: Knex,
  references: readonly (Reference | undefined)[],
): Promise<readonly TaggedVersion[]> {
  const tags = new Set(references.flatMap(reference => reference?.tag ?? []));
  const found: TaggedVersion[] = [];
  for (const part of chunks([...tags])) {
    const rows = await knex('tags')
      .join('repositories', 'repositories.id', 'tags.repository_id')
      .whereIn('tags.name', [...part])
      .select<TaggedVersion[]>('registry', 'path', 'tags.name as tag', 'tags.version_id');
    found.push(...rows);
  }
  return found;
}

/** The versions that the pod template asks for; `undefined` where nobody can tell. */
function releasedVersions(
  reference: Reference | undefined,
  known: {
    readonly tagged: readonly TaggedVersion[];
    readonly find: (digest: string, repositories: ReadonlySet<number>) => readonly Candidate[];
    readonly repositories: ReadonlySet<number>;
  },
): ReadonlySet<number> | undefined {
  if (reference?.digest !== undefined) {
    const asked = known.find(reference.digest, known.repositories).filter(each => each.is_exact === 1);
    return new Set(asked.map(each => each.version_id));
  }
  if (reference === undefined) return undefined;
  const { registry, path, tag = 'latest' } = reference;
  const version = known.tagged.find(
    each => each.registry === registry && each.path === path && each.tag === tag,
  );
  return version && new Set([version.version_id]);
}

/** Whether a running digest is neither what was asked for nor an image of the version asked for. */
function isOther(
  digest: Digest,
  asked: {
    readonly reference: Reference | undefined;
    readonly released: ReadonlySet<number> | undefined;
    readonly versions: readonly Candidate[];
  },
): boolean {
  const { reference, released, versions } = asked;
  if (released === undefined || released.size === 0 || digest === reference?.digest) return false;
  // A tag may have moved since the registry was read: a digest not seen yet proves nothing then.
  if (reference?.digest === undefined && versions.length === 0) return false;
  return !versions.some(each => released.has(each.version_id));
}

function readReference(image: string): Reference | undefined {
  try {
    return parseReference(image);
  } catch {
    return undefined;
  }
}
