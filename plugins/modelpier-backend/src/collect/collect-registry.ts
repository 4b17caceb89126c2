import {
  formatRepository,
  hasCode,
  type Repository,
  type SourceState,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  mapBounded,
  type ReferrerLister,
  type TagLister,
  type Waiting,
} from '@modelpier/backstage-plugin-modelpier-node';
import type { Knex } from 'knex';
import {
  readCollectedRepositories,
  type RepositoryKey,
  writeRepositoryState,
} from '../store/repository-store';
import { writeReuseTotals } from '../store/totals-store';
import type { Turn } from '../store/turn-store';
import type { Collected } from './collection';
import { collectRepository } from './collect-repository';
import type { ImageReader } from './fetch-version';
import { type Failure, failureOf } from '../domain/source-state';

export type RegistryReader = ImageReader & TagLister & ReferrerLister;

export interface RegistryCollection extends Waiting {
  readonly knex: Knex;
  readonly reader: RegistryReader;
  readonly host: string;
  readonly turn: Turn;
  readonly now: number;
}

interface Failed {
  readonly repository: Repository;
  readonly failure: Failure;
}

/** Registries limit requests by client; each repository has its own bound on top. */
const CONCURRENT_REPOSITORIES = 2;
/** A registry that answers nothing to this many repositories in a row will not answer the next one. */
const MOST_SILENT = 3;
const SILENT: readonly SourceState[] = ['unreachable', 'timeout'];

/** Reads every repository that a model names; one that fails changes nothing for the others. */
export async function collectRegistry(collection: RegistryCollection): Promise<Collected> {
  const { knex, host, now } = collection;
  const repositories = await readCollectedRepositories(knex, host);
  let changed = 0;
  const failures: Failed[] = [];
  let silent = 0;
  await mapBounded(repositories, CONCURRENT_REPOSITORIES, async repository => {
    const known = silent >= MOST_SILENT ? failures.at(-1) : undefined;
    const outcome =
      known === undefined
        ? await collectOne(collection, repository)
        : { ...known.failure, message: withoutName(known) };
    if ('isChanged' in outcome && outcome.isChanged) changed += 1;
    const failure = 'isChanged' in outcome ? undefined : outcome;
    silent = failure !== undefined && SILENT.includes(failure.state) ? silent + 1 : 0;
    if (failure === undefined) return;
    failures.push({ repository, failure });
    await writeRepositoryState(knex, repository.id, failure);
  });
  if (changed > 0) await writeReuseTotals(knex);
  return summarize(failures, { repositories: repositories.length, observedAt: now });
}

async function collectOne(
  { knex, reader, turn, now, signal }: RegistryCollection,
  repository: RepositoryKey,
): Promise<Failure | { readonly isChanged: boolean }> {
  try {
    const { problem, isChanged } = await collectRepository({ knex, reader, repository, turn, now, signal });
    const observedAt = new Date(now).toISOString();
    await writeRepositoryState(knex, repository.id, { state: 'ok', message: problem, observedAt });
    return { isChanged };
  } catch (error) {
    if (hasCode(error, 'not-found')) return { state: 'error', message: error.message };
    return failureOf(error);
  }
}

/** Of a registry that is silent: the words are ours, and name no repository but this. */
const withoutName = ({ repository, failure }: Failed): string =>
  failure.message.replaceAll(repository.path, '...');

function summarize(
  failures: readonly Failed[],
  { repositories }: { repositories: number; observedAt: number },
): Collected {
  const [first] = failures;
  if (first === undefined) return { state: 'ok', message: null };
  const { repository, failure } = first;
  const counted = `${failures.length} of ${repositories} repositories could not be read`;
  const example = `${formatRepository(repository)}: ${failure.message}`;
  // Where others could be read, the registry as a whole is well; each model tells of its own.
  if (failures.length < repositories) return { state: 'ok', message: counted, example };
  const isSilent = failures.every(each => SILENT.includes(each.failure.state));
  const message = isSilent ? `${counted}: ${withoutName(first)}` : counted;
  return { state: failure.state, message, example };
}
