import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as core from '@actions/core';
import { getExecOutput } from '@actions/exec';
import { getOctokit } from '@actions/github';
import { ModelpierError, type Report } from '@modelpier/backstage-plugin-modelpier-common';
import { plainRegistries, systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { connectCluster, connectRegistry, kubeconfigSecrets, readCredentials } from './connect';
import { annotationsOf } from './github/annotations';
import { Announcement, announcementTarget } from './github/announcement';
import { readContext } from './github/context';
import { type GithubEvent, parseEvent } from './github/event';
import { outputsOf } from './github/outputs';
import { type Inputs, readInputs } from './inputs/inputs';
import { secretInputs } from './inputs/secret-inputs';
import { createKustomize } from './kustomize';
import { runAction } from './main';
import { causesOf, Recorder } from './report/recorder';
import { renderSentence } from './report/sentence';
import { renderSummary } from './report/summary';
import { createToolRunner } from './run-tool';
import { createTeller } from './teller';

/** Names under which the step leaves notes for its post step; the first is there in every post step (`post.js`). */
const BEGUN = 'begun';
const CONCLUDED = 'concluded';
const DEPLOYMENT_ID = 'deployment-id';

// Deprecations inside libraries are nothing that the reader of a job's log can act on.
process.noDeprecation = true;

const environment = process.env;
const context = readContext(environment, { cwd: process.cwd(), tmp: tmpdir() }, await readEvent());

try {
  await (core.getState(BEGUN) === '' ? main() : post());
} catch (error) {
  fail(error);
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
  const announcement = announcementFor(inputs, warning => recorder.warning(warning));
  const credentials = readCredentials(inputs, { environment, homeDir: homedir() });
  const registry = connectRegistry(inputs, credentials, { environment });
  const run = createToolRunner({ kill: process.kill.bind(process), environment });
  const signal = stopSignal();
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
        clock: systemClock,
        renderFolder: createKustomize(run, { signal }),
        commitTime: readCommitTime,
        tell: createTeller(core, { now: Date.now, announcement }),
        signal,
      },
    });
  } catch (error) {
    recorder.failure(error);
    for (const { message, ...place } of annotationsOf(error)) core.error(message, place);
    for (const cause of causesOf(error)) core.info(`caused by: ${cause}`);
  }
  await registry.close();
  await conclude(recorder.report(new Date()), inputs, announcement);
}

/** Runs after the job, also where the step was killed: nothing is left "in progress". */
async function post(): Promise<void> {
  if (core.getState(CONCLUDED) !== '') return;
  const inputs = readInputs(environment, context);
  const words = 'The run was ended before its verdict; what it had applied stays as it is';
  const announcement = announcementFor(inputs, warning => core.warning(warning));
  const id = Number(core.getState(DEPLOYMENT_ID));
  if (announcement !== undefined && id > 0) await announcement.resume(id).end('error', words);
  await writeSummary(inputs, `## ${words}\n`);
}

async function conclude(
  report: Report,
  inputs: Inputs,
  announcement: Announcement | undefined,
): Promise<void> {
  const sentence = renderSentence(report);
  await announcement?.end(report.failure === undefined ? 'success' : 'failure', sentence);
  for (const warning of report.warnings) core.warning(warning);

  const { reportFile = join(context.temporaryFolder, 'modelpier-report.json') } = inputs.github;
  const reportPath = resolve(context.workspace, reportFile);
  await mkdir(dirname(reportPath), { recursive: true });
  await writeFile(reportPath, `${JSON.stringify(report, null, 2)}\n`);
  const outputs = {
    ...outputsOf(report),
    'report-path': reportPath,
    url: inputs.deploy.environmentUrl ?? '',
    'deployment-id': announcement?.id === undefined ? '' : String(announcement.id),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  await writeSummary(inputs, renderSummary(report));
  core.saveState(CONCLUDED, 'true');
  core.info(sentence);
  if (report.failure !== undefined) core.setFailed(withHint(report.failure));
}

async function writeSummary(inputs: Inputs, markdown: string): Promise<void> {
  if (!inputs.github.summary || environment['GITHUB_STEP_SUMMARY'] === undefined) return;
  await core.summary.addRaw(markdown).write();
}

/** The GitHub Deployment to keep, where one is wanted and there is what it takes. */
function announcementFor(inputs: Inputs, onWarning: (warning: string) => void): Announcement | undefined {
  const { token, deployment } = inputs.github;
  const target = announcementTarget(context, inputs.deploy.environment);
  const deploys = (inputs.mode === 'deploy' || inputs.mode === 'release') && !inputs.deploy.dryRun;
  if (token === undefined || target === undefined || deployment === 'none' || !deploys) return undefined;
  return new Announcement({
    github: getOctokit(token, { baseUrl: context.apiUrl }).rest.repos,
    target,
    logUrl: context.runUrl,
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

async function readEvent(): Promise<GithubEvent> {
  const path = environment['GITHUB_EVENT_PATH'] ?? '';
  return path === '' ? {} : parseEvent(await readFile(path, 'utf8').catch(() => ''));
}

async function readCommitTime(): Promise<number> {
  const { stdout } = await getExecOutput('git', ['log', '-1', '--format=%ct'], {
    cwd: context.workspace,
    silent: true,
  });
  return Number(stdout.trim());
}

function fail(error: unknown): void {
  core.setFailed(withHint(error instanceof ModelpierError ? error : { message: String(error) }));
  for (const cause of causesOf(error)) core.info(`caused by: ${cause}`);
}

function withHint({ message, hint }: { message: string; hint?: string | undefined }): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}
