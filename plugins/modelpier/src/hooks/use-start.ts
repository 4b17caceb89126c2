import { type Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  type DispatchAnswer,
  hasCode,
  type Release,
  newestReleaseId,
  type Started,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback, useRef, useState } from 'react';
import { clockApiRef } from '../api/clock-api';
import { type ModelpierApi, modelpierApiRef } from '../api/modelpier-api';
import { refOf } from './questions';
import { toError } from './use-polled';
import { type StartedStore } from './use-started';

/** Longer than the backend's own limit for GitHub. */
const START_LIMIT_MS = 15_000;

export type Intention = Pick<Started, 'action' | 'environment' | 'version' | 'digest'>;

export interface Start {
  /** Starts it, once: answers whether that went well. */
  readonly begin: (intention: Intention, releases: readonly Release[]) => Promise<boolean>;
  /** Asks again for what may have been started; the backend starts it once all the same. */
  readonly again: (started: Started) => Promise<boolean>;
  readonly isPending: boolean;
  readonly error: Error | undefined;
  readonly reset: () => void;
}

const isSame = (one: Intention, other: Intention): boolean =>
  one.action === other.action &&
  one.environment === other.environment &&
  one.version === other.version &&
  one.digest === other.digest;

/** Has a workflow started, and remembers it before it is asked for: what is pressed twice or reloaded is one. */
export function useStart(entity: Entity, { all, keep, forget }: StartedStore): Start {
  const api = useApi(modelpierApiRef);
  const clock = useApi(clockApiRef);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<Error>();
  const isUnderWay = useRef(false);

  const again = useCallback(
    async (started: Started): Promise<boolean> => {
      if (isUnderWay.current) return false;
      isUnderWay.current = true;
      setPending(true);
      setError(undefined);
      keep(started);
      try {
        keep({ ...started, answer: await ask(api, entity, started) });
        return true;
      } catch (caught) {
        if (!mayHaveStarted(caught)) forget(started.requestId);
        setError(toError(caught));
        return false;
      } finally {
        isUnderWay.current = false;
        setPending(false);
      }
    },
    [api, entity, keep, forget],
  );

  const begin = useCallback(
    (intention: Intention, releases: readonly Release[]): Promise<boolean> => {
      const before = all.find(each => each.answer === null && isSame(each, intention));
      if (before !== undefined) return again(before);
      return again({
        ...intention,
        requestId: newRequestId(),
        at: clock.now().toISOString(),
        after: newestReleaseId(releases, intention.environment),
        answer: null,
      });
    },
    [again, all, clock],
  );
  const reset = useCallback(() => setError(undefined), []);
  return { begin, again, isPending, error, reset };
}

function ask(
  api: ModelpierApi,
  entity: Entity,
  { action, environment, version, digest, requestId }: Started,
): Promise<DispatchAnswer> {
  const options = { signal: AbortSignal.timeout(START_LIMIT_MS) };
  if (action === 'rollback') return api.rollBack(refOf(entity), { environment, version, requestId }, options);
  if (digest === null) return Promise.reject(new Error(`${version} has no digest to promote`));
  return api.promote(refOf(entity), { environment, digest, requestId }, options);
}

/** No answer, one that says that nobody knows, or a fault that may have come after the start. */
const mayHaveStarted = (error: unknown): boolean =>
  hasCode(error, 'timeout', 'unreachable', 'invalid-document', 'internal');

/** Where the page is not served securely, browsers have no `randomUUID`. */
const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
