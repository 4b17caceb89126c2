import {
  checkFit,
  type FitCluster,
  type FitFinding,
  type FitModel,
  formatDeployed,
  formatObjectRef,
  ModelpierError,
  type Platform,
  readFitWorkload,
  skippedChecks,
  templateContainers,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { DeployOptions } from './deploy-options';
import { readFitCluster } from './fit-cluster';
import type { Prepared } from './prepare';
import type { Preview } from './preview';

/** What is known of the image beside its name, to compare it with where it is to run. */
export interface Footprint extends Pick<FitModel, 'format' | 'bytes'> {
  readonly platforms: readonly Platform[];
}

/** What the pods that would change may not go together with; asks nothing where none changes. */
export async function findMisfits(
  { previews, namespace }: Prepared,
  { cluster: reader, footprint, image, signal }: DeployOptions,
): Promise<readonly FitFinding[]> {
  const { format = 'other', bytes, platforms = [] } = footprint ?? {};
  const clusters = new Map<string, FitCluster>();
  const findings: FitFinding[] = [];
  for (const { object, live, answered, isChange } of previews) {
    const workload = isChange ? readFitWorkload(answered ?? object, live) : undefined;
    if (workload === undefined) continue;
    const where = object.metadata.namespace ?? namespace;
    const cluster = clusters.get(where) ?? (await readFitCluster(reader, { namespace: where, signal }));
    clusters.set(where, cluster);
    const model = { format, bytes, containers: containersOf(object, image) };
    findings.push(...checkFit({ workload, model, platforms }, cluster));
  }
  return [...findings, ...[...clusters.values()].slice(0, 1).flatMap(skippedChecks)];
}

/** Whoever pinned or generated the container wrote the image like this. */
const containersOf = (object: Preview['object'], image: DeployOptions['image']): readonly string[] =>
  templateContainers(object)
    .filter(container => container.image === formatDeployed(image))
    .map(({ name }) => name);

/** Refuses what can never work, and tells what may not fit. */
export async function judgeFit(prepared: Prepared, options: DeployOptions): Promise<void> {
  const findings = await findMisfits(prepared, options);
  refuseMisfits(findings);
  for (const finding of findings)
    if (finding.severity === 'warning') options.onWarning?.(formatFinding(finding));
}

/** A finding as one line. */
function formatFinding({ object, message, remedy }: FitFinding): string {
  const subject = object === undefined ? '' : `${formatObjectRef(object)}: `;
  return `${subject}${message}${remedy === undefined ? '' : `; ${remedy}`}`;
}

/** Throws where something of it can never work. */
export function refuseMisfits(findings: readonly FitFinding[]): void {
  const refusals = findings.filter(({ severity }) => severity === 'refusal');
  if (refusals.length === 0) return;
  const told = refusals.map(({ object, message }) => formatFinding({ severity: 'refusal', object, message }));
  const remedies = new Set(refusals.flatMap(({ remedy }) => remedy ?? []));
  throw new ModelpierError('unsupported', `check the fit: ${told.join('; ')}; nothing was applied`, {
    hint: remedies.size === 0 ? undefined : [...remedies].join('; '),
    faults: refusals.map(({ object, message }) => ({
      path: object === undefined ? '' : formatObjectRef(object),
      message,
    })),
  });
}
