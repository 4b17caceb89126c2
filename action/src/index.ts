import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as core from '@actions/core';
import { ModelpierError, type Report } from '@modelpier/backstage-plugin-modelpier-common';
import { plainRegistries, systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { readCommitTime } from './commit-time';
import { connectCluster, connectRegistry, hasCluster, kubeconfigSecrets, readCredentials } from './connect';
import { annotationsOf, diagnosisAnnotations } from './github/annotations';
import { Announcement, announcementTarget } from './github/announcement';
import { createAttestation } from './github/attestations';
import { connectGithub, type Github } from './github/connect-github';
import { discussionOf, readContext, releaseOf } from './github/context';
import { readEvent } from './github/event';
import { holderOf } from './github/holder';
import { hasIdentity } from './github/identity';
import { outputsOf } from './github/outputs';
import { planMarker, writePlanComment } from './github/plan-comment';
import { readWorkflowRun } from './github/workflow-run';
import { writeReleaseNotes } from './github/release-notes';
import { harmlessLine } from './harmless-line';
import { type Inputs, readInputs } from './inputs/inputs';
import { secretInputs } from './inputs/secret-inputs';
import { createKustomize } from './kustomize';
import { abandonRelease } from './ledger/abandon-release';
import { runAction } from './main';
import { deploymentStateOf } from './report/deployment-state';
import { renderPlanComment } from './report/plan-comment';
import { causesOf, Recorder } from './report/recorder';
import { renderReleaseNotes } from './report/release-notes';
import { renderSentence } from './report/sentence';
import { renderSummary } from './report/summary';
import { withHint } from './report/with-hint';
import { removeLeft } from './remove-left';
import { writeSarif } from './write-sarif';
import type { RecordedRelease } from './rollout/deploy-options';
import { createToolRunner } from './run-tool';
import { createTeller } from './teller';

/** Names under which the step leaves notes for its post step; the first is there in every post step (`post.js`). */
const BEGUN = 'begun';
const CONCLUDED = 'concluded';
const DEPLOYMENT_ID = 'deployment-id';
const VERDICT = 'verdict';
const RECORDED = 'recorded-release';
const CONTAINER = 'golden-container';

// Deprecations inside libraries are nothing that the reader of a job's log can act on.
process.noDeprecation = true;

const environment = process.env;
const run = createToolRunner({ kill: process.kill.bind(process), environment });
const context = readContext(
  environment,
  { cwd: process.cwd(), tmp: tmpdir() },
  await readEvent(environment['GITHUB_EVENT_PATH']),
);

try {
  await (core.getState(BEGUN) === '' ? main() : post());
} catch (error) {
  await fail(error);
}

/** The step: one release, and whatever became of it is written down. */
async function main(): Promise<void> {
  const startedAt = new Date();
  core.saveState(BEGUN, startedAt.toISOString());
  for (const secret of secretInputs(environment)) core.setSecret(secret);
  const inputs = readInputs(environment, context);
  for (const secret of await kubeconfigSecrets(inputs, environment)) core.setSecret(secret);

  const { repository, commit, actor, runUrl: url } = context;
  const recorder = new Recorder({ mode: inputs.mode, startedAt, run: { repository, commit, actor, url } });
  const signal = stopSignal();
  const github = githubOf(inputs, signal);
  const announcement = announcementFor(inputs, {
    github,
    begunAt: startedAt.toISOString(),
    onWarning: warning => recorder.warning(warning),
  });
  const holder = holderOf(environment, context, randomUUID());
  const credentials = readCredentials(inputs, { environment, homeDir: homedir() });
  const registry = connectRegistry(inputs, credentials, { environment });
  try {
    await runAction({
      inputs,
      context,
      recorder,
      ports: {
        registry,
        machine: {
          run,
          temporaryFolder: context.temporaryFolder,
          dockerConfigFolder: environment['DOCKER_CONFIG'] ?? join(homedir(), '.docker'),
          credentials,
          isPlain: plainRegistries(inputs.registry.insecureRegistries),
        },
        connect: () => connectCluster(inputs, environment),
        hasCluster: hasCluster(inputs, environment),
        clock: systemClock,
        holder,
        onRecorded: recorded => note({ ...recorded, holder }),
        onContainer: made => core.saveState(CONTAINER, JSON.stringify(made)),
        renderFolder: createKustomize(run, { signal }),
        workflowRun: () => readWorkflowRun(environment),
        identityToken: hasIdentity(environment) ? audience => core.getIDToken(audience) : undefined,
        attest: bundle => createAttestation(github?.repos, { context, bundle }),
        commitTime: () => readCommitTime(context.workspace),
        tell: createTeller(core, { now: Date.now, announcement }),
        signal,
      },
    });
  } catch (error) {
    recorder.failure(error);
    explain(error);
  }
  await registry.close();
  const report = recorder.report(new Date());
  const isTold = await announce(report, announcement);
  if (github !== undefined && !signal.aborted) await publishNotes(recorder, inputs, github);
  if (github !== undefined && !signal.aborted) await commentPlan(recorder, inputs, github);
  // Again, for telling GitHub may have brought warnings.
  await conclude(recorder.report(new Date()), inputs, { deploymentId: announcement?.id, isTold });
}

/** Runs after the job, also where the step was killed: nothing is left "in progress". */
async function post(): Promise<void> {
  const concluded = core.getState(CONCLUDED);
  if (concluded === 'true') return;
  const inputs = readInputs(environment, context);
  const words = 'The run was ended before its verdict; what it had applied stays as it is';
  const github = githubOf(inputs);
  const announcement = announcementFor(inputs, {
    github,
    begunAt: core.getState(BEGUN),
    onWarning: warning => core.warning(warning),
  });
  const id = Number(core.getState(DEPLOYMENT_ID));
  const [state, sentence] = verdictOf(core.getState(VERDICT)) ?? ['error' as const, words];
  if (id > 0) announcement?.resume(id);
  await announcement?.end(state, sentence);
  if (concluded === '') await removeLeft(core.getState(CONTAINER), run);
  if (concluded === '') await endRecorded(inputs);
  if (concluded === '') await writeSummary(inputs, `## ${sentence}\n`);
}

type Recorded = RecordedRelease & { readonly holder: string };

/** The last note counts. */
function note(recorded: Recorded): void {
  core.saveState(RECORDED, JSON.stringify(recorded));
}

/** Tells the ledger of a killed release that it was, so that the next one need not wait for its lease. */
async function endRecorded(inputs: Inputs): Promise<void> {
  const noted = core.getState(RECORDED);
  if (noted === '') return;
  const { id, model, namespace, holder } = JSON.parse(noted) as Recorded;
  try {
    const cluster = await connectCluster(inputs, environment);
    await abandonRelease({ place: { cluster, model, namespace }, holder, clock: systemClock, id });
  } catch (error) {
    core.warning(`the ledger could not be told that the release was interrupted: ${String(error)}`);
  }
}

type Verdict = readonly ['success' | 'failure' | 'error', string];

/** Notes the verdict for the post step first, and then tells GitHub; false where GitHub could not be told. */
async function announce(report: Report, announcement: Announcement | undefined): Promise<boolean> {
  const verdict: Verdict = [deploymentStateOf(report), renderSentence(report)];
  core.saveState(VERDICT, JSON.stringify(verdict));
  return (await announcement?.end(...verdict)) ?? true;
}

/** What `announce` noted. */
function verdictOf(noted: string): Verdict | undefined {
  return noted === '' ? undefined : (JSON.parse(noted) as Verdict);
}

/** Completes the notes of the tag's release, if it has one. */
async function publishNotes(recorder: Recorder, inputs: Inputs, github: Github): Promise<void> {
  if (!inputs.github.releaseNotes) return;
  const report = recorder.report(new Date());
  const release = releaseOf(context);
  const markdown = renderReleaseNotes(report);
  if (release === undefined || markdown === undefined) return;
  const model = report.model?.name ?? '';
  const written = await writeReleaseNotes(github.repos, { ...release, model, markdown });
  if ('warning' in written) recorder.warning(written.warning);
  else if (written.value !== undefined) tell(`wrote the notes of ${written.value}`);
}

/** Tells the plan on its pull request, a failed one too: what was planned before does not hold then. */
async function commentPlan(recorder: Recorder, inputs: Inputs, github: Github): Promise<void> {
  const target = discussionOf(context);
  if (inputs.mode !== 'plan' || !inputs.github.comment || target === undefined) return;
  const report = recorder.report(new Date());
  // By what is known before the model is read: a plan that cannot read it replaces the one before.
  const marker = planMarker(inputs.model.name ?? inputs.model.file, inputs.deploy.environment);
  const body = renderPlanComment(report, marker);
  const written = await writePlanComment(github.issues, { ...target, marker, body });
  if ('warning' in written) recorder.warning(written.warning);
  else tell(`the plan is told in ${written.value}`);
}

async function conclude(
  report: Report,
  inputs: Inputs,
  { deploymentId, isTold }: { readonly deploymentId: number | undefined; readonly isTold: boolean },
): Promise<void> {
  for (const warning of report.warnings) core.warning(warning);

  const { reportFile = join(context.temporaryFolder, 'modelpier-report.json') } = inputs.github;
  const reportPath = resolve(context.workspace, reportFile);
  await mkdir(dirname(reportPath), { recursive: true });
  await writeFile(reportPath, `${JSON.stringify(report, null, 2)}\n`);
  const outputs = {
    ...outputsOf(report),
    'report-path': reportPath,
    'sarif-path': await writeSarif(report, inputs, context),
    url: inputs.deploy.environmentUrl ?? '',
    'deployment-id': deploymentId === undefined ? '' : String(deploymentId),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  await writeSummary(inputs, renderSummary(report));
  core.saveState(CONCLUDED, isTold ? 'true' : 'untold');
  tell(renderSentence(report));
  for (const { message, title } of diagnosisAnnotations(report)) core.error(message, { title });
  if (report.failure !== undefined) core.setFailed(withHint(report.failure));
}

async function writeSummary(inputs: Inputs, markdown: string): Promise<void> {
  if (!inputs.github.summary || environment['GITHUB_STEP_SUMMARY'] === undefined) return;
  await core.summary.addRaw(markdown).write();
}

/** GitHub's API, where there is a token for it. */
function githubOf(inputs: Inputs, signal?: AbortSignal): Github | undefined {
  const { token } = inputs.github;
  return token === undefined
    ? undefined
    : connectGithub(token, { apiUrl: context.apiUrl, clock: systemClock, signal });
}

interface Telling {
  readonly github: Github | undefined;
  readonly begunAt: string;
  readonly onWarning: (warning: string) => void;
}

/** The GitHub Deployment to keep, where one is wanted and there is what it takes. */
function announcementFor(inputs: Inputs, { github, begunAt, onWarning }: Telling): Announcement | undefined {
  const { deployment } = inputs.github;
  const target = announcementTarget(context, { environment: inputs.deploy.environment, begunAt });
  const isChange = inputs.mode !== 'plan' && inputs.mode !== 'build' && !inputs.deploy.dryRun;
  if (github === undefined || target === undefined || deployment === 'none' || !isChange) return undefined;
  return new Announcement({
    github: github.repos,
    target,
    reuse: deployment === 'auto',
    environmentUrl: inputs.deploy.environmentUrl,
    onWarning,
    onBegun: id => core.saveState(DEPLOYMENT_ID, String(id)),
  });
}

/** GitHub cancels by SIGINT, then SIGTERM 7.5 s later, then kills. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new ModelpierError('cancelled', `cancelled by ${signal}`)));
  }
  return stop.signal;
}

/** A run that ended before it could be reported as one, such as by its inputs. */
async function fail(error: unknown): Promise<void> {
  const told = withHint(error instanceof ModelpierError ? error : { message: String(error) });
  core.setFailed(told);
  explain(error);
  core.saveState(CONCLUDED, 'true');
  if (environment['GITHUB_STEP_SUMMARY'] === undefined) return;
  await core.summary.addHeading('Modelpier could not do its work', 2).addCodeBlock(told).write();
}

/** What others said may stand in a line. */
function tell(line: string): void {
  core.info(harmlessLine(line));
}

/** Points at the lines that are wrong, and tells what lies behind. */
function explain(error: unknown): void {
  for (const { message, ...place } of annotationsOf(error)) core.error(message, place);
  for (const cause of causesOf(error)) tell(`caused by: ${cause}`);
}
