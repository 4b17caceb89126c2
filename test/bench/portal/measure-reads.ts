import { FULL_SIZE, type FleetSize, sizeFor } from '../../fleet/fleet-plan';
import type { Figure, Sample } from '../figure';
import { median } from '../figure';
import type { FleetDatabases } from './fleet-database';
import { load, percentile } from './load';
import { pathsFor, type PortalPaths } from './paths';
import { type PortalProcess, startPortalProcess } from './portal-process';
import { startSilentServer } from './silent-server';

export interface ReadsOptions {
  readonly databases: FleetDatabases;
  readonly seed: number;
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** With as many clusters: each answer tells of every one of them. */
const SMALL_SIZE = { ...sizeFor(FULL_SIZE.models / 10), clusters: FULL_SIZE.clusters };
/** Of nineteen requests of twenty. */
const MODEL_LIMIT_MS = 50;
const FLEET_LIMIT_MS = 100;
const CROWD = 50;
const CROWD_LIMIT_MS = 400;
/** What ten times the models may cost, and what a cluster that hangs: nothing, but for how far medians lie apart. */
const FLAT_LIMIT = 1.3;

interface Asked extends ReadsOptions {
  readonly portal: PortalProcess;
}

export async function measureReads(options: ReadsOptions): Promise<readonly Figure[]> {
  const silent = await startSilentServer();
  try {
    const small = await withPortal(options, SMALL_SIZE, silent.url, async (portal, paths) =>
      measureMiddle({ ...options, portal }, paths),
    );
    return await withPortal(options, FULL_SIZE, silent.url, async (portal, paths) => {
      const asked = { ...options, portal };
      const warm = await measureWarm(asked, paths);
      const large = await measureMiddle(asked, paths);
      return [
        ...warm,
        ...(await measureCrowd(asked, paths)),
        named(options, {
          kind: 'ratio',
          name: `${FULL_SIZE.models} models`,
          limit: FLAT_LIMIT,
          ours: large,
          peer: { name: `${SMALL_SIZE.models} models`, sample: small },
        }),
        await measureBesideHanging(asked, paths, large),
      ];
    });
  } finally {
    await silent.close();
  }
}

async function withPortal<T>(
  { databases, seed, signal, tell }: ReadsOptions,
  size: FleetSize,
  clusterUrl: string,
  act: (portal: PortalProcess, paths: PortalPaths) => Promise<T>,
): Promise<T> {
  tell(`${databases.name}: generating ${size.models} models`);
  const database = await databases.create(size);
  const portal = await startPortalProcess({ database, size, seed, clusterUrl, signal });
  try {
    return await act(portal, pathsFor(size, seed));
  } finally {
    await portal.stop();
  }
}

/** One request after the other, once everything has been read once. */
async function measureWarm(asked: Asked, { model, fleet, totals }: PortalPaths): Promise<readonly Figure[]> {
  const limits = [
    ...Object.entries(model).map(([name, paths]) => ({ name, paths, limit: MODEL_LIMIT_MS })),
    { name: 'fleet page', paths: fleet, limit: FLEET_LIMIT_MS },
    { name: 'fleet totals', paths: totals, limit: FLEET_LIMIT_MS },
  ];
  const figures: Figure[] = [];
  for (const { name, paths, limit } of limits) {
    const ours = await sampleP95(asked, paths, 1);
    figures.push(named(asked, { kind: 'value', name: `${name}, p95`, limit, ours }));
  }
  return figures;
}

async function measureCrowd(asked: Asked, paths: PortalPaths): Promise<readonly Figure[]> {
  const all = interleave([...Object.values(paths.model), paths.fleet, paths.totals]);
  const { signal, portal } = asked;
  const { errors } = await load({ ...portal, paths: all, concurrency: CROWD, signal });
  return [
    named(asked, {
      kind: 'value',
      name: `${CROWD} at once, p95`,
      limit: CROWD_LIMIT_MS,
      ours: await sampleP95(asked, all, CROWD),
    }),
    named(asked, {
      kind: 'value',
      name: `${CROWD} at once, errors`,
      limit: 0,
      ours: { unit: 'count', values: [errors.length] },
    }),
  ];
}

/** While the collection of a cluster waits for an answer that never comes. */
async function measureBesideHanging(asked: Asked, paths: PortalPaths, alone: Sample): Promise<Figure> {
  const { url, token } = asked.portal;
  const task = 'collect-cluster-prod-02';
  const { status } = await fetch(`${url}/.backstage/scheduler/v1/tasks/${task}/trigger`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  const name = 'beside a cluster that hangs';
  if (status >= 400) {
    return named(asked, { kind: 'missing', name, limit: FLAT_LIMIT, reason: `its task answered ${status}` });
  }
  const ours = await measureMiddle(asked, paths);
  return named(asked, {
    kind: 'ratio',
    name,
    limit: FLAT_LIMIT,
    ours,
    peer: { name: 'alone', sample: alone },
  });
}

/** What the request in the middle takes, over all routes alike. */
async function measureMiddle(asked: Asked, paths: PortalPaths): Promise<Sample> {
  const each = [...Object.values(paths.model), paths.fleet, paths.totals];
  const all = interleave(each.map(some => some.slice(0, 60)));
  const values = await repeat(asked, all, 1, median);
  return { unit: 'milliseconds', values };
}

const sampleP95 = async (asked: Asked, paths: readonly string[], concurrency: number): Promise<Sample> => ({
  unit: 'milliseconds',
  values: await repeat(asked, paths, concurrency, milliseconds => percentile(milliseconds, 0.95)),
});

/** Once for warmth, then for each run. */
async function repeat(
  { portal, signal, runs }: Asked,
  paths: readonly string[],
  concurrency: number,
  reduce: (milliseconds: readonly number[]) => number,
): Promise<readonly number[]> {
  await load({ ...portal, paths: paths.slice(0, 100), concurrency, signal });
  const values: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { milliseconds, errors } = await load({ ...portal, paths, concurrency, signal });
    const [first] = errors;
    if (first !== undefined) {
      throw new Error(`${errors.length} of ${paths.length} requests failed, such as ${first}`);
    }
    values.push(reduce(milliseconds));
  }
  return values;
}

function interleave(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(...lists.map(list => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap(list => list[at] ?? [])).flat();
}

const named = ({ databases }: ReadsOptions, figure: Figure): Figure => ({
  ...figure,
  name: `${databases.name}: ${figure.name}`,
});
