import {
  formatDeployed,
  formatReference,
  type ModelpierError,
  type Reference,
  type ReportedDeployment,
  type RolloutEvent,
  type RunFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { buildImage, type Release } from './build';
import type { BuildMachine } from './dockerfile/build-dockerfile';
import type { MadeContainer } from './engine/container';
import type { RunContext } from './github/context';
import type { OrWarning } from './github/deployments';
import type { WorkflowRun } from './github/workflow-run';
import type { BuildEvent } from './image/event';
import type { Inputs } from './inputs/inputs';
import { chooseVersion } from './inputs/version';
import type { RenderFolder } from './kustomize';
import { withGolden } from './with-golden';
import { ejectManifests } from './manifests/eject';
import { inspectRelease } from './inspect-release';
import { knownOf } from './known';
import { generateManifests } from './manifests/generate';
import { loadManifests } from './manifests/load';
import { originsOf } from './manifests/origins';
import { pinImage } from './manifests/pin-image';
import { readModel } from './model/read-model';
import { promoteImage } from './promote';
import type { Recorder } from './report/recorder';
import { releaseBase } from './release-base';
import { rollBackRelease } from './rollback';
import { deployObjects } from './rollout/deploy';
import type { DeployOptions, ReleaseOptions, RolloutCluster } from './rollout/deploy-options';
import { type Footprint, refuseMisfits } from './rollout/fit';
import { rolloutFailure } from './rollout/failure';
import { planObjects } from './rollout/plan';
import { TakenBackError } from './rollout/taken-back';
import { verifyImage } from './verify-image';

/** What a run does things with; each step takes the ones it needs. */
export interface Ports {
  readonly registry: RegistryPorts;
  /** Where Dockerfiles are built. */
  readonly machine: BuildMachine;
  /** The cluster is only asked in modes that deploy, and only once the image is there. */
  readonly connect: () => Promise<RolloutCluster>;
  /** Something names a cluster; a plan does without. */
  readonly hasCluster: boolean;
  readonly clock: Clock;
  /** Unlike that of any other step; begins with the address of the run. */
  readonly holder: string;
  /** Called once the ledger tells of the release. */
  readonly onRecorded: NonNullable<ReleaseOptions['onRecorded']>;
  /** Called before a container is made, so that the post step can remove that of a run that was killed. */
  readonly onContainer: (made: MadeContainer) => void;
  /** What kustomize makes of a folder. */
  readonly renderFolder: RenderFolder;
  /** Throws where it is not known which workflow runs. */
  readonly workflowRun: () => WorkflowRun;
  /** A token that says who the job is, for an audience; nothing where the job may not ask for one. */
  readonly identityToken: ((audience: string) => Promise<string>) | undefined;
  /** Gives GitHub a signed statement to keep; answers its address. */
  readonly attest: (bundle: object) => Promise<OrWarning<string>>;
  /** Seconds since 1970 of the commit that was checked out. */
  readonly commitTime: () => Promise<number>;
  readonly tell: Teller;
  readonly signal: AbortSignal;
}

/** Where progress goes: groups, lines, and what the release is about before it begins. */
export interface Teller {
  phase<T>(title: string, work: () => Promise<T>): Promise<T>;
  build(event: BuildEvent): void;
  rollout(event: RolloutEvent): void;
  /** A text to copy, such as a file. */
  text(title: string, text: string): void;
  /** A step of the release that is worth a line. */
  note(line: string): void;
  failure(deployment: ReportedDeployment): void;
  deploying(image: string): Promise<void>;
}

export interface Run {
  readonly inputs: Inputs;
  readonly context: RunContext;
  readonly ports: Ports;
  readonly recorder: Recorder;
}

/** One run of the action; what it learns goes to the recorder, also where it ends in an error. */
export async function runAction(run: Run): Promise<void> {
  const { inputs } = run;
  if (inputs.mode === 'rollback') return rollBackRelease(run);
  const skipFiles = inputs.mode === 'deploy' || inputs.mode === 'promote';
  const release = await readRelease(run, { skipFiles });
  switch (inputs.mode) {
    case 'build':
      await build(run, release);
      return;
    case 'deploy':
      return deploy(run, release, givenImage(inputs));
    case 'release':
      return deploy(run, release, await build(run, release));
    case 'promote':
      return promote(run, release);
    case 'plan':
      return plan(run, release, await build(run, release));
  }
}

/** The image that was built for the commit, under the tags of the release; else, where the mode is open, a build. */
async function promote(run: Run, release: Release): Promise<void> {
  const image = await run.ports.tell.phase('Promote the image', () => promoteImage(run, release));
  if (image !== undefined) return deploy(run, release, image);
  run.recorder.mode('release');
  const whole = await readRelease(run, { skipFiles: false });
  return deploy(run, whole, await build(run, whole));
}

const readRelease = async (run: Run, options: { readonly skipFiles: boolean }): Promise<Release> => {
  const release = await run.ports.tell.phase('Read the model', () => readModelRelease(run, options));
  return withGolden(run, await inspectRelease(run, release));
};

async function readModelRelease(
  { inputs, context, recorder }: Run,
  { skipFiles }: { readonly skipFiles: boolean },
): Promise<Release> {
  const { file, patterns, name, version: given, format } = inputs.model;
  const read = await readModel({
    workspace: context.workspace,
    file,
    overrides: { name, version: given, format, patterns },
    skipFiles,
  });
  const { metadata, spec } = read.model;
  const version = chooseVersion(context, { given, ofModel: metadata.version });
  recorder.model({
    name: metadata.name,
    version,
    format: read.format,
    ...(metadata.title !== undefined && { title: metadata.title }),
    ...(spec.metrics !== undefined && { metrics: spec.metrics }),
  });
  return { ...read, version };
}

/** Builds and pushes; in a plan, and with `push: false`, only finds out what a push would send. */
async function build(run: Run, release: Release): Promise<Reference> {
  const { mode, registry } = run.inputs;
  const title =
    mode === 'plan'
      ? 'Plan the image'
      : registry.push
        ? 'Build and push the image'
        : 'Build the image without a push';
  return run.ports.tell.phase(title, () => buildImage(run, release));
}

async function deploy(run: Run, release: Release, image: Reference): Promise<void> {
  const { ports, recorder } = run;
  await verifyImage(run, image);
  const options = await ports.tell.phase('Prepare the manifests', () => deployOptions(run, release, image));
  if (run.inputs.deploy.dryRun) return planDeployment(run, options);
  await ports.tell.deploying(formatReference(image));
  const deployment = await ports.tell.phase('Apply and wait', () =>
    deployObjects(options).catch((error: unknown) => {
      // An error, but the release before serves again.
      if (error instanceof TakenBackError) recorder.deployment(error.deployment);
      throw error;
    }),
  );
  recorder.deployment(deployment);
  ports.tell.failure(deployment);
  if (deployment.status === 'failed' || deployment.status === 'rolled-back')
    throw rolloutFailure(deployment) satisfies ModelpierError;
}

async function plan(run: Run, release: Release, image: Reference): Promise<void> {
  if (!run.ports.hasCluster) {
    // Their faults show without a cluster too.
    if (run.inputs.deploy.manifests.length > 0) await ownManifests(run, image);
    return;
  }
  const options = await deployOptions(run, release, image);
  if (run.inputs.deploy.manifests.length === 0)
    run.ports.tell.text('Generated manifests', ejectManifests(options.objects, image));
  await planDeployment(run, options);
}

async function planDeployment({ ports, recorder }: Run, options: DeployOptions): Promise<void> {
  const planned = await ports.tell.phase('Plan the rollout', () => planObjects(options));
  recorder.deployment(planned);
  refuseMisfits(planned.fit ?? []);
}

async function deployOptions(run: Run, release: Release, image: Reference): Promise<ReleaseOptions> {
  const { inputs, context, ports } = run;
  const { deploy: settings } = inputs;
  const base = await releaseBase(run, release.model.metadata.name);
  const { cluster, namespace } = base;
  const runFacts: RunFacts = {
    model: release.model.metadata.name,
    version: release.version,
    image: formatDeployed(image),
    commit: context.commit,
    runUrl: context.runUrl,
    actor: context.actor,
    environment: settings.environment,
    deployedAt: new Date(ports.clock.now()).toISOString(),
  };
  const manifests =
    settings.manifests.length > 0
      ? await ownManifests(run, image)
      : {
          objects: generateManifests({
            model: release.model,
            image,
            isPlan: inputs.mode === 'plan',
            namespace,
            runFacts,
            replicas: settings.replicas,
            served: await cluster.servedVersions({ signal: ports.signal }),
          }),
        };
  return {
    ...base,
    ...manifests,
    image,
    runFacts,
    footprint: footprintOf(run, release),
    known: knownOf(run, release),
    golden: release.golden,
    // Of an image that another run built, the version is that of the build.
    modelVersion: release.files.length > 0 ? release.version : undefined,
  };
}

/** Of an image that another job built, neither the files nor the platforms are at hand. */
const footprintOf = ({ inputs }: Run, { format, files }: Release): Footprint | undefined =>
  files.length > 0
    ? {
        format,
        bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        platforms: inputs.build.platforms,
      }
    : undefined;

async function ownManifests(
  { inputs, context, ports }: Run,
  image: Reference,
): Promise<Pick<DeployOptions, 'objects' | 'originOf'>> {
  const { manifests, containers } = inputs.deploy;
  const { workspace } = context;
  const loaded = await loadManifests(manifests, { workspace, renderFolder: ports.renderFolder });
  const objects = loaded.map(({ object }) => object);
  return { objects: pinImage(objects, { image, containers }), originOf: originsOf(loaded) };
}

const givenImage = ({ deploy: { image } }: Inputs): Reference => required(image);

/** Inputs that `readInputs` has made sure of in this mode. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('an input that this mode needs was not checked');
  return value;
}
