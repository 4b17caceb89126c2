import type { RunTool } from './dockerfile/tool';
import { type MadeContainer, removeContainer } from './engine/container';

/** Removes the container that a killed run noted and may have left; most often there is none any more. */
export async function removeLeft(noted: string, run: RunTool): Promise<void> {
  if (noted === '') return;
  const toolbox = { run, environment: {}, onLine: () => undefined, secrets: [] };
  await removeContainer(JSON.parse(noted) as MadeContainer, toolbox);
}
