import {
  FORMATS,
  type Format,
  formatPlatform,
  formatReference,
  formatRepository,
  isTag,
  type Mode,
  MODES,
  parsePlatform,
  parseReference,
  parseRepository,
  type Platform,
  type Reference,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type Environment, isPullRequest, type RunContext } from '../github/context';
import { type DockerfileInputs, readDockerfileInputs } from './dockerfile-inputs';
import { InputReader } from './reader';
import { readSafetyInputs, type SafetyInputs } from './safety-inputs';
import { readTagRules } from './tags/read-rules';
import type { TagRule } from './tags/rule';

/** What a run does, once `auto` is decided. */
export type ServedMode = Exclude<Mode, 'auto'>;

export interface ModelInputs {
  readonly file: string;
  readonly patterns: readonly string[];
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly format: Format | undefined;
  readonly targetPath: string | undefined;
}

export interface BuildInputs {
  readonly dockerfile: DockerfileInputs;
  readonly baseImage: Reference | undefined;
  readonly requireDigest: boolean;
  readonly code: readonly string[];
  /** At least one, each once. */
  readonly platforms: readonly Platform[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly compression: 'auto' | 'none' | 'gzip' | 'zstd';
  /** Seconds since 1970, or the time of the commit. */
  readonly epoch: number | 'commit';
}

export interface RegistryInputs {
  /** Each once; at least one in every mode that builds. The first is deployed from. */
  readonly repositories: readonly Repository[];
  /** None where the tags follow from the version and the branch. */
  readonly tags: readonly TagRule[];
  /** Without it, only `mode: build` and `plan` make sense: a cluster pulls from the registry. */
  readonly push: boolean;
  readonly registry: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly insecureRegistries: readonly string[];
}

export interface DeployInputs {
  /** `mode: deploy` only. */
  readonly image: Reference | undefined;
  readonly manifests: readonly string[];
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly environment: string | undefined;
  readonly environmentUrl: string | undefined;
  readonly containers: readonly string[];
  readonly replicas: number | undefined;
  readonly forceConflicts: boolean;
  /** Delete what earlier releases applied and this one does not. */
  readonly prune: boolean;
  /** Whether to wait for a verdict. */
  readonly wait: boolean;
  /** Ask the server what an apply would do, and change nothing. */
  readonly dryRun: boolean;
  readonly timeoutMs: number | undefined;
  /** What to do with a release that failed. */
  readonly rollback: 'on-failure' | 'never';
}

export interface GithubInputs {
  readonly token: string | undefined;
  readonly deployment: 'auto' | 'create' | 'none';
  readonly summary: boolean;
  /** Complete the notes of the tag's release. */
  readonly releaseNotes: boolean;
  /** Of a plan, on its pull request. */
  readonly comment: boolean;
  readonly reportFile: string | undefined;
}

/** Every input of the action, read once and checked. */
export interface Inputs {
  readonly mode: ServedMode;
  /** `mode: auto` on a tag: what cannot be promoted, because nobody built it, is released. */
  readonly canBuild: boolean;
  readonly model: ModelInputs;
  readonly build: BuildInputs;
  readonly registry: RegistryInputs;
  readonly deploy: DeployInputs;
  readonly safety: SafetyInputs;
  readonly github: GithubInputs;
}

/** Reads `INPUT_*`; throws one `invalid-input` error that lists every bad input. */
export function readInputs(environment: Environment, context: RunContext): Inputs {
  const reader = new InputReader(environment);
  const mode = readMode(reader, context);
  const inputs: Inputs = {
    mode,
    canBuild: mode === 'promote' && reader.text('mode') !== 'promote',
    model: readModelInputs(reader),
    build: readBuildInputs(reader),
    registry: readRegistryInputs(reader, mode),
    deploy: readDeployInputs(reader, mode),
    safety: readSafetyInputs(reader, mode),
    github: {
      token: reader.text('github-token'),
      deployment: reader.choice('deployment', ['auto', 'create', 'none'], 'auto'),
      summary: reader.flag('summary', true),
      releaseNotes: reader.flag('release-notes', true),
      comment: reader.flag('comment', true),
      reportFile: reader.text('report-file'),
    },
  };
  if (inputs.github.deployment === 'create' && inputs.github.token === undefined) {
    reader.fault('github-token', 'is needed for deployment: create; pass ${{ github.token }}');
  }
  reader.finish();
  return inputs;
}

/** `auto` plans pull requests, promotes at tags and published releases, and releases everything else. */
function readMode(reader: InputReader, context: RunContext): ServedMode {
  const mode = reader.choice('mode', MODES, 'auto');
  if (context.eventName === 'pull_request_target') {
    reader.fault('mode', 'pull_request_target would hand secrets to code from a fork; run on pull_request');
  }
  if (mode !== 'auto') return mode;
  if (isPullRequest(context)) return 'plan';
  return context.refType === 'tag' ? 'promote' : 'release';
}

function readModelInputs(reader: InputReader): ModelInputs {
  const format = reader.choice('format', ['auto', ...FORMATS], 'auto');
  const version = reader.text('model-version');
  if (version !== undefined && !isTag(version)) {
    reader.fault(
      'model-version',
      `${JSON.stringify(version)} cannot be an image tag: letters, digits, "_", "." and "-", at most 128`,
    );
  }
  return {
    file: reader.text('model-file') ?? 'model.yaml',
    patterns: reader.lines('model'),
    name: reader.text('model-name'),
    version,
    format: format === 'auto' ? undefined : format,
    targetPath: reader.text('target-path'),
  };
}

function readBuildInputs(reader: InputReader): BuildInputs {
  const platforms = reader.csv('platforms');
  return {
    dockerfile: readDockerfileInputs(reader),
    baseImage: reader.parsed('base-image', reader.text('base-image'), parseReference),
    requireDigest: reader.flag('require-digest', false),
    code: reader.lines('code'),
    platforms: reader.allParsed('platforms', platforms.length === 0 ? ['linux/amd64'] : platforms, {
      parse: parsePlatform,
      format: formatPlatform,
    }),
    labels: reader.pairs('labels'),
    annotations: reader.pairs('annotations'),
    entrypoint: reader.lines('entrypoint'),
    cmd: reader.lines('cmd'),
    env: reader.pairs('env'),
    compression: reader.choice('compression', ['auto', 'none', 'gzip', 'zstd'], 'auto'),
    epoch: readEpoch(reader),
  };
}

function readEpoch(reader: InputReader): number | 'commit' {
  const value = reader.text('source-date-epoch') ?? '0';
  if (value === 'commit') return 'commit';
  if (/^\d{1,11}$/.test(value)) return Number(value);
  reader.fault(
    'source-date-epoch',
    `${JSON.stringify(value)} was given, 0, commit or seconds since 1970 are accepted`,
  );
  return 0;
}

function readRegistryInputs(reader: InputReader, mode: ServedMode): RegistryInputs {
  const images = reader.csv('images');
  if (images.length === 0 && mode !== 'deploy' && mode !== 'rollback') {
    reader.fault('images', 'name the repository to push to, such as ghcr.io/acme/mnist-mlp');
  }
  const [username, password] = [reader.text('username'), reader.text('password')];
  if ((username === undefined) !== (password === undefined)) {
    reader.fault(
      username === undefined ? 'username' : 'password',
      'username and password are given together or not at all',
    );
  }
  return {
    repositories: reader.allParsed('images', images, { parse: parseRepository, format: formatRepository }),
    tags: readTagRules(reader),
    push: readPush(reader, mode),
    registry: reader.text('registry'),
    username,
    password,
    insecureRegistries: reader.csv('insecure-registries'),
  };
}

function readPrune(reader: InputReader): boolean {
  const prune = reader.flag('prune', false);
  if (prune && !reader.flag('wait', true))
    reader.fault('prune', 'needs wait: true, for only a healthy release may take away what served before');
  return prune;
}

function readPush(reader: InputReader, mode: ServedMode): boolean {
  const push = reader.flag('push', true);
  if (!push && mode !== 'build' && mode !== 'plan')
    reader.fault('push', `false leaves mode: ${mode} nothing that a cluster could pull; use mode: build`);
  return push;
}

function readDeployInputs(reader: InputReader, mode: ServedMode): DeployInputs {
  const image = reader.parsed('image', reader.text('image'), parseReference);
  if (mode === 'deploy' && reader.text('image') === undefined) {
    reader.fault('image', 'mode: deploy needs the image to deploy, such as the output `image` of the build');
  }
  if (mode !== 'deploy' && mode !== 'rollback' && image !== undefined)
    reader.fault('image', `only mode: deploy and rollback take an image, this is ${mode}`);
  if (image !== undefined && image.digest === undefined) {
    reader.fault(
      'image',
      `${formatReference(image)} has no digest; only repository@sha256:... is deployed, for a tag may move`,
    );
  }
  if (reader.text('manifests') !== undefined && reader.text('replicas') !== undefined) {
    reader.fault('replicas', 'is for generated manifests; set spec.replicas in the files of `manifests`');
  }
  return {
    image,
    manifests: reader.lines('manifests'),
    kubeconfig: reader.text('kubeconfig'),
    context: reader.text('kube-context'),
    namespace: readDnsLabel(reader, 'namespace'),
    environment: reader.text('environment'),
    environmentUrl: readHttpUrl(reader, 'environment-url'),
    containers: reader.lines('container'),
    replicas: reader.count('replicas'),
    forceConflicts: reader.flag('force-conflicts', false),
    prune: readPrune(reader),
    wait: reader.flag('wait', true),
    dryRun: reader.flag('dry-run', false),
    timeoutMs: reader.durationMs('timeout'),
    rollback: reader.choice('rollback', ['on-failure', 'never'], 'on-failure'),
  };
}

function readDnsLabel(reader: InputReader, name: string): string | undefined {
  const value = reader.text(name);
  if (value === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) return value;
  reader.fault(
    name,
    `${JSON.stringify(value.slice(0, 80))} is not a DNS label: at most 63 lower-case letters, digits and "-"`,
  );
  return undefined;
}

function readHttpUrl(reader: InputReader, name: string): string | undefined {
  const value = reader.text(name);
  if (value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return value;
  reader.fault(name, `${JSON.stringify(value.slice(0, 80))} is not an http or https address`);
  return undefined;
}
