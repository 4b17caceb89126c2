import { dirname, join, resolve } from 'node:path';
import { parseReference, type Reference } from '@modelpier/backstage-plugin-modelpier-common';
import type { RegistryPorts } from '@modelpier/backstage-plugin-modelpier-node';
import { releaseTag, runBundle } from '../../examples/demo/run-action';
import { pushBase } from '../servers/registry/base-images';
import { REGISTRY, REPOSITORY_PATH } from './real';

const BUNDLE = resolve(process.env['MODELPIER_BUNDLE'] ?? join(__dirname, '../../dist'), 'index.js');

export interface Proving {
  readonly registry: RegistryPorts;
  /** With the model in `workspace`. */
  readonly folder: string;
  /** Begins the name of every repository. */
  readonly about: string;
  /** Variables of the runner. */
  readonly github: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A new image on the real registry with what its inputs say of it, by the action. */
export async function proveImage(
  { registry, folder, about, github, signal }: Proving,
  name: string,
  inputs: Readonly<Record<string, string>>,
): Promise<Reference> {
  const base = { registry: REGISTRY, path: `${dirname(REPOSITORY_PATH)}/${about}-base` };
  const { digest } = await pushBase(registry, base);
  const lines: string[] = [];
  const { report } = await runBundle({
    bundle: BUNDLE,
    workspace: join(folder, 'workspace'),
    folder: join(folder, 'step'),
    github: { ...releaseTag('1.0.0'), ...github },
    inputs: {
      mode: 'build',
      images: `${REGISTRY}/${dirname(REPOSITORY_PATH)}/${about}-${name}`,
      'base-image': `${REGISTRY}/${base.path}@${digest}`,
      ...inputs,
    },
    onLine: line => lines.push(line),
    signal,
  });
  if (report?.image === undefined || report.failure !== undefined) throw new Error(lines.join('\n'));
  return parseReference(report.image.reference);
}
