import {
  chooseEvents,
  type Condition,
  conditions,
  eventEvidenceOf,
  type Evidence,
  object,
  type ObjectRef,
  optional,
  parseWith,
  type Pod,
  type Status,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Clock, KubernetesObject, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { captureNodes } from './nodes';
import { capturePod } from './pod';
import { type EvidenceCluster, Source } from './source';

/** The release waits for its rollback meanwhile, and the pods go on changing. */
const MOST_MS = 5_000;
/** Enough to see whether all fail alike. */
const MOST_PODS = 5;

/** An object that is not well, with those pods of its new revision that are not. */
export interface Unwell {
  readonly ref: ObjectRef;
  readonly status: Status;
  readonly object: KubernetesObject | undefined;
  readonly pods: readonly Pod[];
}

interface CaptureOptions extends Waiting {
  readonly cluster: EvidenceCluster;
  readonly clock: Clock;
}

/** How the release stands, before anything is undone. Never fails, and is there within 5 s: what is missing is told. */
export async function captureEvidence(
  unwell: readonly Unwell[],
  { cluster, clock, signal }: CaptureOptions,
): Promise<Evidence> {
  const over = new AbortController();
  const limit = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const timer = clock
    .sleep(MOST_MS, limit)
    .catch(() => undefined)
    .then(() => over.abort());
  const captured = await captureFrom(new Source(cluster, limit), unwell);
  over.abort();
  await timer;
  return { capturedAt: new Date(clock.now()).toISOString(), ...captured };
}

async function captureFrom(source: Source, unwell: readonly Unwell[]): Promise<Omit<Evidence, 'capturedAt'>> {
  const shown = unwell.flatMap(({ pods }) => pods).slice(0, MOST_PODS);
  const [pods, events] = await Promise.all([
    Promise.all(shown.map(pod => capturePod(pod, source))),
    captureEvents([...unwell.map(({ ref }) => ref), ...shown.map(refOf)], source),
  ]);
  const found = pods.flatMap(pod => pod ?? []);
  const nodes = await captureNodes(found, source);
  const objects = unwell.map(({ ref, status, object: its }) => ({
    ref,
    status,
    conditions: conditionsOf(its),
  }));
  return { objects, pods: found, events, nodes, gaps: source.gaps };
}

const refOf = ({ metadata: { namespace, name } }: Pod): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace,
  name,
});

/** Of each object by its name, for a namespace may hold thousands of events. */
async function captureEvents(refs: readonly ObjectRef[], source: Source): Promise<Evidence['events']> {
  const found = await Promise.all(
    refs.map(({ kind, namespace, name }) =>
      source.attempt('events', () =>
        source.list({
          apiVersion: 'v1',
          kind: 'Event',
          namespace,
          fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
        }),
      ),
    ),
  );
  return chooseEvents(found.flatMap(events => events ?? []).map(eventEvidenceOf));
}

const withConditions = object({ status: optional(object({ conditions })) });

const conditionsOf = (its: KubernetesObject | undefined): readonly Condition[] =>
  its === undefined ? [] : (parseWith(withConditions, its, its.kind).status?.conditions ?? []);
