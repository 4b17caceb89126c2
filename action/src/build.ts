import {
  type ModelFacts,
  parseReference,
  type Reference,
  type Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import { checkImage } from './check-image';
import { buildDockerfile } from './dockerfile/build-dockerfile';
import { findDockerfile, hasDockerfile } from './dockerfile/find-dockerfile';
import type { GoldenCheck } from './golden/golden-check';
import { buildAndPush } from './image/build-image';
import type { BeforeTags } from './image/untagged-image';
import { chooseTags, needsCommitTime } from './inputs/tags/choose-tags';
import { uncheckedTag } from './inputs/tags/unchecked-tag';
import type { Run } from './main';
import { chooseBaseImage } from './model/base-image';
import { requireFiles } from './model/find-files';
import type { ReadModel } from './model/read-model';
import { checkProofs, proveImage } from './prove-image';
import { pushes } from './pushes';

/** A model and the version it is released under. */
export interface Release extends ReadModel {
  readonly version: string;
  /** What the files themselves say; nothing where none was recognised, or there are none. */
  readonly facts?: ModelFacts | undefined;
  /** Nothing where no scan was asked for. */
  readonly scanVerdict?: Verdict | undefined;
  /** What the model has to answer; nothing where that is not asked. */
  readonly golden?: GoldenCheck | undefined;
}

/** Builds by the builder that the inputs and the workspace ask for; answers the image to deploy. */
export async function buildImage(run: Run, release: Release): Promise<Reference> {
  const { recorder } = run;
  await checkProofs(run);
  const built = (await wantsDockerfile(run, release))
    ? await buildByDockerfile(run, release)
    : await buildByLayers(run, release);
  for (const warning of built.warnings) recorder.warning(warning);
  if (built.image === undefined) return imageByTag(run, release);
  for (const { text, isBreaking } of built.image.changes ?? [])
    if (isBreaking) recorder.warning(`breaks callers of the version before: ${text}`);
  recorder.image({ ...built.image, ...(!pushes(run) && { isPushed: false }) });
  return parseReference(built.image.reference);
}

/** A base image is named for the layer builder, so it wins over a Dockerfile that merely lies there. */
async function wantsDockerfile({ inputs, recorder }: Run, { model, directory }: Release): Promise<boolean> {
  const { builder } = inputs.build.dockerfile;
  if (builder !== 'found') return builder !== 'layers';
  if (!(await hasDockerfile(directory))) return false;
  const base = model.spec.runtime?.image;
  if (base === undefined) return true;
  recorder.warning(
    `the Dockerfile beside the model file is not built, for the model file names the base image ${base}; ` +
      'set builder to say which is meant',
  );
  return false;
}

async function buildByLayers(run: Run, release: Release): ReturnType<typeof buildAndPush> {
  const { inputs, ports } = run;
  return buildAndPush({
    registry: ports.registry,
    signal: ports.signal,
    onEvent: event => ports.tell.build(event),
    beforeTags: beforeTags(run, release),
    request: {
      ...(await requestOf(run, release)),
      baseImage: chooseBaseImage(release.model, inputs.build.baseImage),
      codeFiles: await readCode(run, release),
      targetPath: inputs.model.targetPath,
    },
  });
}

async function buildByDockerfile(run: Run, release: Release): ReturnType<typeof buildDockerfile> {
  const { inputs, context, ports } = run;
  const { builder, file, context: folder, buildArgs, secrets } = inputs.build.dockerfile;
  const { directory, golden, version } = release;
  return buildDockerfile({
    registry: ports.registry,
    machine: ports.machine,
    signal: ports.signal,
    onEvent: event => ports.tell.build(event),
    beforeTags: beforeTags(run, release),
    request: {
      ...(await requestOf(run, release)),
      pushTag: golden && uncheckedTag(context, version),
      builder: builder === 'buildx' || builder === 'buildah' ? builder : 'auto',
      dockerfile: await findDockerfile({ workspace: context.workspace, directory, file, context: folder }),
      buildArgs,
      secrets,
    },
  });
}

/** An image that answers wrong gets neither proofs nor tags. */
const beforeTags =
  (run: Run, release: Release): BeforeTags =>
  async image => {
    if (pushes(run)) await checkImage(run, release, image);
    await proveImage(run, release)(image);
  };

/** What every builder is told. */
const requestOf = async (run: Run, release: Release) => ({
  ...run.inputs.build,
  ...release,
  dryRun: !pushes(run),
  repositories: run.inputs.registry.repositories,
  tags: await tagsOf(run, release),
  epochSeconds: run.inputs.build.epoch === 'commit' ? await run.ports.commitTime() : run.inputs.build.epoch,
});

/** The tags that the run gives to an image. */
export async function tagsOf(
  { inputs, context, ports, recorder }: Run,
  { version }: Release,
): Promise<readonly string[]> {
  const { tags: rules } = inputs.registry;
  const commitTime = needsCommitTime(rules) ? await ports.commitTime() : undefined;
  const isPlan = inputs.mode === 'plan';
  const { tags, warnings } = chooseTags(rules, { context, version, commitTime, isPlan });
  for (const warning of warnings) recorder.warning(warning);
  return tags;
}

/** What a plan shows where the builder knows a digest only once it has pushed. */
async function imageByTag(run: Run, release: Release): Promise<Reference> {
  const [repository] = run.inputs.registry.repositories;
  if (repository === undefined) throw new TypeError('there is no repository to push to');
  const [tag] = await tagsOf(run, release);
  return { ...repository, tag };
}

const readCode = async ({ inputs, context }: Run, { directory }: Release): ReturnType<typeof requireFiles> =>
  inputs.build.code.length === 0
    ? []
    : requireFiles(
        { patterns: inputs.build.code, from: context.workspace, label: 'input code' },
        { workspace: context.workspace, directory },
      );
