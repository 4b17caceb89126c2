import { GPU, MODEL_SORTS, STATES } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { type ModelsQuestion } from '../api/modelpier-api';

/** Of which resource the allocation is shown. */
export const VIEWED_RESOURCES = ['cpu', 'memory', GPU] as const;
export type ViewedResource = (typeof VIEWED_RESOURCES)[number];

/** What the page shows, all of it in the address, so that a view can be sent to others. */
export interface FleetView {
  readonly question: ModelsQuestion;
  readonly resource: ViewedResource;
  /** Changes what is given; `undefined` takes it out. */
  readonly change: (change: ViewChange) => void;
}

export type ViewChange = ModelsQuestion & { readonly resource?: ViewedResource | undefined };

/** As the backend takes them. */
const LONGEST_TEXT = 100;
const LONGEST_NAME = 255;

export function useFleetView(): FleetView {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (changes: ViewChange) =>
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          for (const [name, value] of Object.entries(changes) as [string, string | boolean | undefined][]) {
            if (value === undefined || value === '') next.delete(name);
            else next.set(name, String(value));
          }
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return useMemo(() => ({ ...readView(parameters), change }), [parameters, change]);
}

/** What an address asks for; what it cannot ask for is passed over. */
function readView(parameters: URLSearchParams): Pick<FleetView, 'question' | 'resource'> {
  const text = (name: string, longest = LONGEST_NAME): string | undefined =>
    parameters.get(name)?.slice(0, longest) || undefined;
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | undefined =>
    values.find(value => value === parameters.get(name));
  return {
    question: {
      filter: text('filter', LONGEST_TEXT),
      owner: text('owner'),
      cluster: text('cluster'),
      environment: text('environment'),
      health: oneOf('health', STATES),
      drift: parameters.get('drift') === 'true' || undefined,
      sort: oneOf('sort', MODEL_SORTS),
    },
    resource: oneOf('resource', VIEWED_RESOURCES) ?? 'cpu',
  };
}
