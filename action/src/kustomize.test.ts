import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, RunTool } from './dockerfile/tool';
import { createKustomize } from './kustomize';
import { createToolRunner } from './run-tool';

/** A runner on which only these programs are. */
function runnerWith(
  programs: Readonly<Record<string, { code: number; out?: string; err?: string }>>,
  commands: Command[] = [],
): RunTool {
  return (command, { onLine }) => {
    commands.push(command);
    const { code, out = '', err = '' } = programs[command[0]] ?? { code: 127, err: 'not found' };
    for (const line of out.split('\n')) onLine(line, 'out');
    onLine(err, 'err');
    return Promise.resolve(code);
  };
}

it('takes what kustomize writes, and not what it warns of', async () => {
  const kustomize = createKustomize(
    runnerWith({ kustomize: { code: 0, out: 'kind: A\n---\nkind: B', err: '# Warning: commonLabels' } }),
  );
  expect(await kustomize('/w/k')).toBe('kind: A\n---\nkind: B');
});

it('asks kubectl where there is no kustomize, and turns nothing on', async () => {
  const commands: Command[] = [];
  await createKustomize(runnerWith({ kubectl: { code: 0 } }, commands))('/w/k');
  expect(commands).toEqual([
    ['kustomize', 'build', '/w/k'],
    ['kubectl', 'kustomize', '/w/k'],
  ]);
});

it('names the remedy where neither is there', async () => {
  await expect(createKustomize(runnerWith({}))('/w/k')).rejects.toMatchObject({
    code: 'not-found',
    message: 'render /w/k: neither kustomize nor kubectl is on the runner',
    hint: expect.stringContaining('install kustomize') as string,
  });
});

it('tells why kustomize fails, but for the password of a remote base', async () => {
  const err = "Error: accumulating resources: 'https://ada:hunter2@git.example/base' does not exist";
  await expect(createKustomize(runnerWith({ kustomize: { code: 1, err } }))('/w/k')).rejects.toMatchObject({
    code: 'invalid-document',
    message:
      "kustomize build /w/k: exit code 1: Error: accumulating resources: 'https://git.example/base' does not exist",
  });
});

it('ends with the run', async () => {
  const stop = new AbortController();
  const run: RunTool = () => {
    stop.abort();
    return Promise.resolve(143);
  };
  await expect(createKustomize(run, stop)('/w/k')).rejects.toMatchObject({ code: 'cancelled' });
});

/** The real program, where the machine has one. */
it('renders an overlay by a real program', async () => {
  const run = createToolRunner({
    kill: process.kill.bind(process),
    environment: { PATH: process.env['PATH'] },
  });
  const has = await run(['kubectl', 'version', '--client'], { environment: {}, onLine: () => undefined });
  if (has === 127) return;
  const folder = await mkdtemp(join(tmpdir(), 'kustomize-'));
  try {
    await writeFile(join(folder, 'kustomization.yaml'), 'namePrefix: ü-\nresources: [a.yaml]\n');
    await writeFile(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
    expect(await createKustomize(run)(folder)).toContain('name: ü-a');
  } finally {
    await rm(folder, { recursive: true });
  }
});
