import {
  formatRepository,
  IMAGE_VERSION,
  ModelpierError,
  type Reference,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { tagsOf, type Release } from './build';
import { commitTags } from './inputs/tags/commit-tags';
import type { Run } from './main';
import { addTags } from './promote/add-tags';
import { findImage, type FoundImage } from './promote/find-image';
import { reportPromoted } from './promote/report-promoted';
import { signRelease } from './sign-release';
import { verifyImage } from './verify-image';

/**
 * Finds the image that was built for this commit and gives it the tags of the release. Nothing where there is none
 * and the mode leaves it open to build one.
 */
export async function promoteImage(run: Run, release: Release): Promise<Reference | undefined> {
  const { inputs, ports, recorder } = run;
  const [repository] = inputs.registry.repositories;
  if (repository === undefined) throw new TypeError('there is no repository to promote in');
  const found = await findCommitImage(run, release, repository);
  if (found === undefined) return undefined;
  const digest = found.root.digest;
  ports.tell.note(`${formatRepository(repository)}:${found.tag} was built for this commit: ${digest}`);
  await verifyImage(run, { ...repository, digest });
  warnOfVersion(run, found, release);

  const tags = await tagsOf(run, release);
  const { repositories } = inputs.registry;
  const changed = await addTags(ports.registry, found, {
    repositories,
    tags,
    beforeTags: () => signRelease(run, { image: digest, repositories }),
    onEvent: event => ports.tell.build(event),
    signal: ports.signal,
  });
  const reported = reportPromoted(found, { repository, tags, changed });
  if (reported !== undefined) recorder.image(reported);
  return { ...repository, digest };
}

async function findCommitImage(
  { inputs, context, ports }: Run,
  { model }: Release,
  repository: Repository,
): Promise<FoundImage | undefined> {
  const { commit } = context;
  const where = formatRepository(repository);
  if (commit === undefined) {
    if (inputs.canBuild) return undefined;
    throw new ModelpierError('invalid-input', `promote from ${where}: the commit of this run is not known`, {
      hint: 'run it in a GitHub workflow, or deploy the image by its digest with mode: deploy',
    });
  }
  const tags = commitTags(inputs.registry.tags, context);
  const { name } = model.metadata;
  const search = await findImage(ports.registry, repository, {
    tags,
    model: name,
    commit,
    signal: ports.signal,
  });
  if ('found' in search) return search.found;
  const misses = search.misses.join('; ');
  if (inputs.canBuild) {
    ports.tell.note(`no image of commit ${commit} is in ${where}, so it is built now: ${misses}`);
    return undefined;
  }
  throw new ModelpierError(
    'not-found',
    `promote from ${where}: it has no image of commit ${commit}: ${misses}`,
    {
      hint: 'let the workflow of the branch build the commit first, with the tag rule type=sha, or use mode: release',
    },
  );
}

/** Versions that somebody wrote, as opposed to those made of a branch and a commit. */
const WRITTEN_VERSION = /^v?\d+\.\d+/;

function warnOfVersion({ recorder }: Run, { platforms: [first] }: FoundImage, { version }: Release): void {
  const { [IMAGE_VERSION]: said = '' } = first.config.config?.Labels ?? {};
  if (!WRITTEN_VERSION.test(said) || said === version) return;
  recorder.warning(
    `the image says that it is version ${said}, and is released as ${version}: ` +
      'set metadata.version in the model file to the version of the tag before it is built',
  );
}
