import { randomUUID } from 'node:crypto';
import {
  formatCount,
  formatDuration,
  formatPlatform,
  formatReference,
  type GoldenRun,
  hasCode,
  isBlocked,
  ModelpierError,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Release } from './build';
import { writeLogins } from './dockerfile/logins';
import { withScratchFolder } from './dockerfile/scratch-folder';
import type { Toolbox } from './dockerfile/tool';
import { askContainer } from './engine/ask-container';
import { type ContainerSpec, withContainer } from './engine/container';
import { type Engine, findEngine, runsPlatform } from './engine/engine';
import { type GoldenCheck, notAsked, reportGolden } from './golden/golden-check';
import type { UntaggedImage } from './image/untagged-image';
import type { Run } from './main';
import { limitsOf, USER } from './manifests/pod-template';
import { portOf } from './manifests/generate';

/** Who was asked where no engine was. */
const NOBODY = 'nobody';

/**
 * Holds what the image answers against the golden file before any tag names it, in a container engine of the runner.
 * Throws where an answer is wrong, and where nothing can be asked although it must.
 */
export async function checkImage(run: Run, release: Release, image: UntaggedImage): Promise<void> {
  const { golden } = release;
  if (golden === undefined) return;
  const { recorder, ports, inputs } = run;
  const asked = await askImage(run, release, { image, golden });
  const { verdict, reason = '', subject } = asked;
  recorder.golden(reportGolden(golden, [asked]));
  ports.tell.note(lineOf(asked, golden));
  if (verdict === 'failed')
    throw new ModelpierError(
      'unhealthy',
      `the image fails its golden check, so it gets no tag: ${subject}: ${reason}`,
      {
        hint:
          'compare the model and its base image with those that the golden file was made by; where the answers are ' +
          'meant to be new, make the file anew',
      },
    );
  // The pods of a release are asked later, and more is not required of it.
  if (verdict === 'not-run' && golden.isRequired && inputs.mode === 'build')
    throw new ModelpierError('unsupported', `golden: require: the image cannot be asked: ${reason}`, {
      hint: 'run the job where Docker, or podman as root, is at hand, or set golden: auto',
    });
}

interface Subject {
  readonly image: UntaggedImage;
  readonly golden: GoldenCheck;
}

async function askImage(run: Run, release: Release, { image, golden }: Subject): Promise<GoldenRun> {
  const [repository] = image.repositories;
  if (repository === undefined) throw new TypeError('there is no repository to pull from');
  const hindrance = hindranceOf(run, release);
  if (hindrance !== undefined) return notAsked(NOBODY, hindrance);
  const { ports, inputs } = run;
  const { machine, clock, signal } = ports;
  return withScratchFolder(machine.temporaryFolder, async folder => {
    const environment = await writeLogins(folder, { ...machine, registries: [repository.registry] });
    const toolbox: Toolbox = { run: machine.run, environment, onLine: () => undefined, secrets: [], signal };
    const { engine, ...found } = await findEngine(toolbox);
    if (engine === undefined) return notAsked(NOBODY, 'reason' in found ? found.reason : '');
    if (!inputs.build.platforms.some(platform => runsPlatform(engine, platform)))
      return notAsked(subjectOf(engine), platformWords(engine, run));
    const spec: ContainerSpec = {
      name: `modelpier-golden-${randomUUID()}`,
      image: formatReference({ ...repository, digest: image.root.digest }),
      user: USER,
      limits: limitsOf(release.model),
      isPlain: machine.isPlain(repository.registry),
    };
    ports.onContainer({ engine: engine.name, name: spec.name });
    const asking = {
      ...golden,
      model: release.model.metadata.name,
      port: portOf(release.model),
      clock,
      signal,
    };
    return withContainer(engine, { spec, toolbox }, async container => {
      const answers = await askContainer(container, asking);
      if (answers.verdict === 'failed')
        for (const line of await container.log()) ports.tell.note(`its log: ${line}`);
      return { subject: subjectOf(engine), ...answers };
    }).catch((error: unknown) => {
      // An engine that has no room, or is not let through, says nothing of the model.
      if (!hasCode(error, 'upstream', 'timeout')) throw error;
      return notAsked(subjectOf(engine), error.message);
    });
  });
}

const subjectOf = ({ name, version }: Engine): string => `${name} ${version}`;

/** Why this image is not run at all. */
function hindranceOf({ inputs }: Run, { scanVerdict, model }: Release): string | undefined {
  if (scanVerdict !== undefined && isBlocked(scanVerdict)) return `its scan says ${scanVerdict}`;
  if ((model.spec.resources?.gpu ?? 0) > 0) return 'it needs a GPU, which is for its pods';
  return inputs.mode !== 'build' && inputs.deploy.manifests.length > 0
    ? 'manifests of your own may start it in a way that only its pods do'
    : undefined;
}

const platformWords = ({ platform }: Engine, { inputs }: Run): string =>
  `it runs ${formatPlatform(platform)}, and the image is for ${inputs.build.platforms.map(formatPlatform).join(', ')}`;

/** `golden check before the tags: docker 28.2.2: 3 cases answered right, p95 4.1 ms, ready after 2.4 s`. */
function lineOf({ subject, verdict, reason, latency, coldStartMs }: GoldenRun, check: GoldenCheck): string {
  if (verdict === 'not-run')
    return `golden check before the tags: not run: ${subject === NOBODY ? '' : `${subject}: `}${reason ?? ''}`;
  const cases = formatCount(check.golden.cases.length, 'case');
  const facts = [
    verdict === 'passed' ? `${cases} answered right` : (reason ?? 'it fails'),
    ...(latency === undefined ? [] : [`p95 ${latency.p95Ms} ms`]),
    ...(coldStartMs === undefined ? [] : [`ready after ${formatDuration(coldStartMs)}`]),
  ];
  return `golden check before the tags: ${subject}: ${facts.join(', ')}`;
}
