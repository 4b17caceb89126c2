import {
  formatRepository,
  hasCode,
  isWithin,
  ModelpierError,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { mapBounded, type RepositoryLister, type Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { type Findings, type FoundModel, foundModel } from './found-model';
import { type ImageReader, readModelImage } from './model-image';
import { isWanted, namedPaths, type WantedRepositories } from './wanted-repositories';

/** Few enough for a registry that counts requests. */
const CONCURRENT_REPOSITORIES = 4;
/** A registry may answer without end. */
const MOST_LISTED = 100_000;
/** More models than any registry of one company keeps; what is found beyond is told. */
const MOST_REPOSITORIES = 5_000;
/** What a repository holds hardly ever changes its nature. */
const LOOK_AGAIN_MS = 60 * 60 * 1000;
/** Faults of one repository; any other failure is the registry's. */
const OWN_FAULTS = ['forbidden', 'unauthorized', 'invalid-document', 'unsupported', 'too-large'] as const;

interface Look {
  readonly at: number;
  /** `undefined` where the repository keeps no model. */
  readonly model: FoundModel | undefined;
}

export interface RegistryReading extends Waiting {
  readonly reader: ImageReader & RepositoryLister;
  readonly wanted: WantedRepositories;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Finds the models that registries keep; remembers which repositories are of no interest. */
export class RepositoryReader {
  readonly #looks = new Map<string, Look>();

  async read(reading: RegistryReading): Promise<Findings> {
    const paths = await listPaths(reading);
    const troubles: string[] = [];
    const models = await mapBounded(paths, CONCURRENT_REPOSITORIES, async path => {
      try {
        return await this.#look(path, reading);
      } catch (error) {
        if (hasCode(error, 'not-found')) return undefined;
        if (!hasCode(error, ...OWN_FAULTS)) throw error;
        troubles.push(error.message);
        return this.#looks.get(keyOf(reading, path))?.model;
      }
    });
    const [trouble] = troubles;
    return {
      models: models.filter(model => model !== undefined),
      trouble:
        trouble === undefined
          ? undefined
          : `${troubles.length} of ${paths.length} repositories could not be read, such as ${trouble}`,
    };
  }

  async #look(path: string, reading: RegistryReading): Promise<FoundModel | undefined> {
    const { reader, wanted, now, signal } = reading;
    const key = keyOf(reading, path);
    const known = this.#looks.get(key);
    if (known !== undefined && isWithin(known.at, now, LOOK_AGAIN_MS)) return known.model;
    const repository = { registry: wanted.host, path };
    const model = await readModel(reader, repository, { isNamed: namedPaths(wanted).includes(path), signal });
    this.#looks.set(key, { at: now, model });
    return model;
  }
}

const keyOf = ({ wanted }: RegistryReading, path: string): string =>
  formatRepository({ registry: wanted.host, path });

/** Those that are named, and of all that the registry lists those that fit. */
async function listPaths({ reader, wanted, signal }: RegistryReading): Promise<readonly string[]> {
  const paths = new Set(namedPaths(wanted));
  if (paths.size === wanted.repositories.length) return [...paths];
  let listed = 0;
  for await (const path of reader.listRepositories(wanted.host, { signal })) {
    listed += 1;
    if (listed > MOST_LISTED) throw tooMany(wanted, `lists more than ${MOST_LISTED} repositories`);
    if (isWanted(wanted, path)) paths.add(path);
  }
  if (paths.size <= MOST_REPOSITORIES) return [...paths];
  throw tooMany(wanted, `has ${paths.size} repositories that fit; at most ${MOST_REPOSITORIES} are read`);
}

const tooMany = ({ host }: WantedRepositories, what: string): ModelpierError =>
  new ModelpierError('too-large', `${host} ${what}`, {
    hint: 'name fewer under catalog.providers.modelpier.registries',
  });

/** Who names a repository says that it holds a model; of others the image has to say it. */
async function readModel(
  reader: ImageReader,
  repository: Repository,
  { isNamed, signal }: { readonly isNamed: boolean } & Waiting,
): Promise<FoundModel | undefined> {
  const image = await readModelImage(reader, repository, { signal });
  if (image === undefined) return undefined;
  if (!isNamed && !image.isPackedModel && image.name === undefined) return undefined;
  return foundModel(image.name ?? repository.path.slice(repository.path.lastIndexOf('/') + 1), repository);
}
