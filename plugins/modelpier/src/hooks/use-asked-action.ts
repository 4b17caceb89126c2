import { PORTAL_ACTIONS, type PortalAction } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

const CHOICE = 'to';

export interface AskedAction {
  readonly action: PortalAction;
  /** The environment to roll back, or the digest to promote. */
  readonly subject: string;
  /** The version to go back to, or the environment to promote to, where one is chosen. */
  readonly choice: string | undefined;
}

/** Which dialog is open stands in the address, so that it survives a reload. */
export function useAskedAction(): {
  readonly asked: AskedAction | undefined;
  readonly open: (action: PortalAction, subject: string, choice?: string) => void;
  readonly choose: (choice: string) => void;
  readonly close: () => void;
} {
  const [parameters, setParameters] = useSearchParams();
  const write = useCallback(
    (change: (next: URLSearchParams) => void) =>
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          change(next);
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  const close = useCallback(
    () => write(next => [...PORTAL_ACTIONS, CHOICE].forEach(name => next.delete(name))),
    [write],
  );
  const open = useCallback(
    (action: PortalAction, subject: string, choice?: string) =>
      write(next => {
        next.set(action, subject);
        if (choice === undefined) next.delete(CHOICE);
        else next.set(CHOICE, choice);
      }),
    [write],
  );
  const choose = useCallback((choice: string) => write(next => next.set(CHOICE, choice)), [write]);
  const action = PORTAL_ACTIONS.find(name => parameters.has(name));
  const asked =
    action === undefined
      ? undefined
      : { action, subject: parameters.get(action) ?? '', choice: parameters.get(CHOICE) ?? undefined };
  return { asked, open, choose, close };
}
