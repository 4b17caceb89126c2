import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Debian's, which has Debian's PyTorch and scikit-learn. */
const PYTHON = '/usr/bin/python3';
const EXAMPLE = join(__dirname, '../../examples/mnist-mlp');

export interface Training {
  readonly seed: number;
  readonly epochs: number;
}

/** Trains and exports in a copy of the example, as its README says; answers the measured accuracy. */
export async function trainModel(workspace: string, { seed, epochs }: Training): Promise<number> {
  for (const file of ['data.py', 'mlp.py', 'train.py', 'export.py', 'model.yaml']) {
    await cp(join(EXAMPLE, file), join(workspace, file));
  }
  const options = { cwd: workspace, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } };
  await run(
    PYTHON,
    ['train.py', '--data', 'digits', '--seed', String(seed), '--epochs', String(epochs)],
    options,
  );
  await run(PYTHON, ['export.py'], options);
  const metrics = JSON.parse(await readFile(join(workspace, 'metrics.json'), 'utf8')) as {
    readonly metrics: { readonly accuracy: number };
  };
  return metrics.metrics.accuracy;
}

interface Tensors {
  readonly outputs: readonly { readonly name: string; readonly data: readonly number[] }[];
}

/** What PyTorch itself answers to the golden request; `export.py` wrote it. */
export async function goldenOutput(workspace: string): Promise<readonly number[]> {
  const { outputs } = JSON.parse(await readFile(join(workspace, 'golden/output.json'), 'utf8')) as Tensors;
  return outputs[0]?.data.flat() ?? [];
}

/** What a pod answers to the same request over HTTP. */
export async function predict(podAddress: string, workspace: string): Promise<readonly number[]> {
  const response = await fetch(`http://${podAddress}:8080/v2/models/mnist-mlp/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await readFile(join(workspace, 'golden/input.json')),
  });
  if (!response.ok) throw new Error(`${podAddress} answered ${response.status}: ${await response.text()}`);
  const { outputs } = (await response.json()) as Tensors;
  return outputs[0]?.data.flat() ?? [];
}

/** The largest difference between two answers; infinite where they differ in length. */
export const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  a.length === 0 || a.length !== b.length
    ? Infinity
    : Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Infinity))));
