// cspell:ignore cacme cposix nsystem
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanPolicy } from '@modelpier/backstage-plugin-modelpier-common';
import { inspectRelease } from './inspect-release';
import type { Run } from './main';
import { readModel } from './model/read-model';
import { Recorder } from './report/recorder';

let workspace: string;
beforeEach(async () => (workspace = await mkdtemp(join(tmpdir(), 'modelpier-inspect-'))));
afterEach(() => rm(workspace, { recursive: true }));

const YAML = (more = ''): string =>
  `apiVersion: modelpier.io/v1\nkind: Model\nmetadata: { name: m }\nspec:\n  files: [model.pkl]\n${more}`;
const HARMFUL = "cposix\nsystem\n(S'id'\ntR.";
const OWN = 'cacme.net\nNet\n)R.';

async function inspect(
  content: string | Buffer,
  { scan = 'block', yaml = YAML() }: { scan?: ScanPolicy; yaml?: string } = {},
) {
  await writeFile(join(workspace, 'model.yaml'), yaml);
  await writeFile(join(workspace, 'model.pkl'), content);
  const recorder = new Recorder({ mode: 'build', startedAt: new Date(0), run: {} });
  const notes: string[] = [];
  const run = {
    inputs: { safety: { scan, sarifFile: undefined } },
    ports: {
      machine: { temporaryFolder: tmpdir() },
      signal: new AbortController().signal,
      tell: {
        phase: (_title: string, work: () => Promise<unknown>) => work(),
        note: (line: string) => notes.push(line),
      },
    },
    recorder,
  } as unknown as Run;
  const read = await readModel({ workspace, file: 'model.yaml' });
  recorder.model({ name: 'm', version: '1', format: read.format });
  const outcome = await inspectRelease(run, { ...read, version: '1' }).then(
    release => ({ release, error: undefined }),
    (error: unknown) => ({ release: undefined, error }),
  );
  return { ...outcome, notes, report: recorder.report(new Date(0)) };
}

it('ends the run over a harmful file, and reports why', async () => {
  const { error, report } = await inspect(HARMFUL);

  expect(error).toMatchObject({
    code: 'unsafe',
    message: 'the model is dangerous: model.pkl at byte 0: calls posix.system',
    hint: expect.stringContaining('spec.scan.allow') as string,
  });
  expect(report.scan).toMatchObject({ policy: 'block', verdict: 'dangerous', files: 1 });
});

it('goes on with a warning where the policy says so', async () => {
  const { release, report } = await inspect(HARMFUL, { scan: 'warn' });

  expect(release?.scanVerdict).toBe('dangerous');
  expect(report.warnings).toEqual([expect.stringContaining('calls posix.system')]);
});

it('looks for no harm where the scan is off, and knows the facts all the same', async () => {
  const { release, report } = await inspect(HARMFUL, { scan: 'off' });

  expect(report.scan).toBeUndefined();
  expect(release).toMatchObject({ facts: { format: 'pickle' } });
  expect(release).not.toHaveProperty('scanVerdict');
});

it('lets names pass that the model file allows', async () => {
  const allowing = YAML('  scan: { allow: [acme.net.Net] }\n');

  expect((await inspect(OWN)).error).toMatchObject({ code: 'unsafe' });
  expect((await inspect(OWN, { yaml: allowing })).release).toMatchObject({
    scanVerdict: 'executable-format',
  });
});

it('points at the line that the files contradict', async () => {
  const { error } = await inspect(OWN, { scan: 'off', yaml: YAML('  format: onnx\n') });

  expect(error).toMatchObject({
    code: 'invalid-document',
    message: 'model.yaml is not valid: model.yaml:6:3: spec.format: says onnx, but the content is pickle',
  });
});

it('fills in format and signature from the content', async () => {
  const onnx = await readFile(join(__dirname, '../../test/fixtures/models/clean/perceptron.onnx'));
  const { release, report, notes } = await inspect(onnx);

  expect(release).toMatchObject({
    format: 'onnx',
    model: { spec: { signature: { inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 8] }] } } },
  });
  expect(report.model).toMatchObject({ format: 'onnx', facts: { parameters: 75 } });
  expect(notes).toEqual([
    'onnx IR 7, by "pytorch 1.13.0", 4 tensors, 75 parameters',
    'scan of 1 file: safe (nothing known found)',
  ]);
});
