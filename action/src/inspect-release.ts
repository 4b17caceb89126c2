import {
  checkFacts,
  combineFacts,
  formatCount,
  formatOfFile,
  formatPlace,
  formatVerdict,
  isBlocked,
  type Model,
  type ModelFacts,
  ModelpierError,
  type ScanResult,
  signatureOf,
  worstVerdict,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Release } from './build';
import { withScratchFolder } from './dockerfile/scratch-folder';
import { inspectFiles, type InspectedFile } from './inspect/inspect-files';
import type { Run } from './main';

/** Findings that are listed; further ones are counted. */
const MOST_FINDINGS = 500;
/** Findings in the message of an error; the summary has all. */
const SHOWN_FINDINGS = 3;

/**
 * Looks into the files without loading any. What they say completes the model file, and where they contradict it, or
 * hold what the scan does not let pass, the run ends here: nothing is pushed yet.
 */
export async function inspectRelease(run: Run, release: Release): Promise<Release> {
  if (release.files.length === 0) return release;
  return run.ports.tell.phase('Inspect the model', async () => {
    const files = await inspect(run, release);
    const { scan: policy } = run.inputs.safety;
    const scan = policy === 'off' ? undefined : resultOf(files, policy);
    if (scan !== undefined) run.recorder.scan(scan);
    const completed = { ...completeRelease(run, release, files), ...(scan && { scanVerdict: scan.verdict }) };
    if (scan !== undefined) enforce(run, scan);
    return completed;
  });
}

const inspect = (
  { inputs, ports }: Run,
  { files, model, directory }: Release,
): Promise<readonly InspectedFile[]> =>
  withScratchFolder(ports.machine.temporaryFolder, folder =>
    inspectFiles(files, {
      allowed: inputs.safety.scan === 'off' ? [] : (model.spec.scan?.allow ?? []),
      directory,
      scratchFolder: () => Promise.resolve(folder),
      signal: ports.signal,
    }),
  );

function completeRelease(
  { recorder, ports }: Run,
  release: Release,
  files: readonly InspectedFile[],
): Release {
  const { model } = release;
  const found = combineFacts(
    files.map(({ facts }) => facts),
    model.spec.format,
  );
  const { faults, warnings } = checkFacts(model, found);
  if (faults.length > 0) throw release.refuse(faults);
  for (const warning of warnings) recorder.warning(warning);
  if (found === undefined) return release;
  const signature = model.spec.signature ?? signatureOf(found);
  const facts = { ...found, ...signature };
  ports.tell.note(describeFacts(facts));
  const format = model.spec.format ?? formatOfFile(found.format) ?? release.format;
  recorder.facts(format, facts);
  return { ...release, format, facts, model: withSignature(model, signature) };
}

const withSignature = (model: Model, signature: Model['spec']['signature']): Model =>
  signature === undefined ? model : { ...model, spec: { ...model.spec, signature } };

function describeFacts({ format, formatVersion, producer, tensors, parameters }: ModelFacts): string {
  const parts = [
    formatVersion === undefined ? format : `${format} ${formatVersion}`,
    ...(producer === undefined ? [] : [`by ${JSON.stringify(producer)}`]),
    ...(tensors === undefined ? [] : [formatCount(tensors, 'tensor')]),
    ...(parameters === undefined ? [] : [formatCount(parameters, 'parameter')]),
  ];
  return parts.join(', ');
}

function resultOf(files: readonly InspectedFile[], policy: ScanResult['policy']): ScanResult {
  const findings = files.flatMap(file => file.findings);
  const omitted = files.reduce((sum, file) => sum + file.omitted, 0);
  return {
    policy,
    verdict: worstVerdict(files.map(({ verdict }) => verdict)),
    files: files.length,
    findings: findings.slice(0, MOST_FINDINGS),
    omitted: omitted + Math.max(0, findings.length - MOST_FINDINGS),
  };
}

/** Tells the verdict and what led to it; ends the run where the policy asks for that. */
function enforce({ ports, recorder }: Run, { policy, verdict, files, findings }: ScanResult): void {
  ports.tell.note(`scan of ${formatCount(files, 'file')}: ${verdict} (${formatVerdict(verdict)})`);
  for (const finding of findings)
    ports.tell.note(`${finding.verdict}: ${formatPlace(finding)}: ${finding.reason} (${finding.rule})`);
  const bad = findings.filter(finding => isBlocked(finding.verdict));
  if (bad.length === 0) return;
  const shown = bad.slice(0, SHOWN_FINDINGS).map(finding => `${formatPlace(finding)}: ${finding.reason}`);
  const rest = bad.length > shown.length ? `; and ${bad.length - shown.length} more` : '';
  const message = `the model is ${verdict}: ${shown.join('; ')}${rest}`;
  if (policy !== 'block') {
    recorder.warning(message);
    return;
  }
  throw new ModelpierError('unsafe', message, {
    hint:
      'docs/model-safety.md says what each rule means; names of your own go into spec.scan.allow of the model file, ' +
      'and scan: warn ships the model all the same',
  });
}
