import { digest } from '../image/digest';
import { count, type Decoded, flag, list, nullable, object, optional, text } from '../parse/decoder';
import { objectRef } from '../workload/object-ref';
import { status } from '../workload/status';
import { sources } from './source';

export const deployment = object({
  cluster: text,
  namespace: text,
  environment: nullable(text),
  workload: objectRef,
  replicas: object({ desired: count, ready: count, updated: count, available: count }),
  /** What scales it, and how many pods that wants. */
  autoscaler: optional(object({ name: text, min: count, max: count, desired: count, status })),
  status,
  /** What the pod template asks for, and what the ready pods really run. */
  image: text,
  runningDigests: list(digest),
  /** The version joined by running digest; `null` where no registry knows it. */
  version: nullable(text),
  versionDigest: nullable(digest),
  /** The pods run something else than what was released. */
  drift: flag,
  commit: nullable(text),
  actor: nullable(text),
  runUrl: nullable(text),
  deployedAt: nullable(text),
  observedAt: text,
  pods: list(
    object({
      name: text,
      node: nullable(text),
      phase: text,
      ready: flag,
      restarts: count,
      startedAt: nullable(text),
      status,
      digest: nullable(digest),
    }),
  ),
});
export type Deployment = Decoded<typeof deployment>;

export const deploymentsAnswer = object({ items: list(deployment), sources });
export type DeploymentsAnswer = Decoded<typeof deploymentsAnswer>;
