import { useCallback, useRef } from 'react';
import { type PageOptions } from '../api/modelpier-api';
import { type Asked, usePolled } from './use-polled';

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

export interface AskedPages<P> extends Asked<P> {
  /** Shows one page more, also after each refresh. */
  readonly more: () => void;
}

/** The first page, and another for each call of `more`, as one. */
export function usePages<P extends Page>(
  key: string,
  ask: (options: PageOptions) => Promise<P>,
): AskedPages<P> {
  const pages = useRef(1);
  const asked = usePolled(key, async signal => {
    let page = await ask({ signal });
    const items = [...page.items];
    for (let read = 1; read < pages.current && page.nextCursor !== null; read += 1) {
      page = await ask({ signal, cursor: page.nextCursor });
      items.push(...page.items);
    }
    return { ...page, items };
  });
  const { refresh } = asked;
  const more = useCallback(() => {
    pages.current += 1;
    refresh();
  }, [refresh]);
  return { ...asked, more };
}
