/** A page of a list, and where the next begins. */
export interface Page<R> {
  readonly items: readonly R[];
  readonly nextCursor: string | null;
}

/** A page that was read: where it begins, and in which round. */
export interface HeldPage<R> {
  readonly start: string | undefined;
  readonly items: readonly R[];
  readonly next: string | null;
  readonly round: number;
}

/** Places in the list, the last included. */
export interface Sight {
  readonly first: number;
  readonly last: number;
}

export interface PageRequest {
  /** Which page, from 0. */
  readonly at: number;
  readonly cursor: string | undefined;
}

/** A page that has to be read again whenever it comes in sight. */
const NO_ROUND = -1;

/**
 * What to read next, one page after the other: the first of each round, then what is in sight, then
 * what leads there, as a cursor is told by the page before alone.
 */
export function nextRequest<R>(
  pages: readonly HeldPage<R>[],
  { sight, pageSize, round }: { sight: Sight; pageSize: number; round: number },
): PageRequest | undefined {
  const [head] = pages;
  if (head === undefined || head.round < round) return { at: 0, cursor: undefined };
  const from = Math.floor(sight.first / pageSize);
  const to = Math.floor(sight.last / pageSize);
  const old = pages.findIndex((page, at) => at >= from && at <= to && page.round < round);
  if (old >= 0) return { at: old, cursor: pages[old]?.start };
  const next = pages.at(-1)?.next ?? null;
  return to >= pages.length && next !== null ? { at: pages.length, cursor: next } : undefined;
}

/** The pages with one replaced or added. The next keeps its rows until it is read from where it now begins. */
export function putPage<R>(
  pages: readonly HeldPage<R>[],
  at: number,
  page: HeldPage<R>,
): readonly HeldPage<R>[] {
  const before = pages.slice(0, at);
  if (page.next === null) return [...before, page];
  const [following, ...others] = pages.slice(at + 1);
  if (following === undefined) return [...before, page];
  const moved =
    following.start === page.next ? following : { ...following, start: page.next, round: NO_ROUND };
  return [...before, page, moved, ...others];
}

export interface ListReaderOptions<P extends Page<unknown>> {
  readonly pageSize: number;
  readonly ask: (request: PageRequest & { readonly signal: AbortSignal }) => Promise<P>;
  /** A page has come. */
  readonly onPage: (pages: readonly HeldPage<P['items'][number]>[], page: P, at: number) => void;
  readonly onFailure: (caught: unknown) => void;
  /** Everything in sight has been read. */
  readonly onRest: () => void;
}

/** Reads a long list page by page, as far as somebody looks. */
export interface ListReader {
  readonly show: (sight: Sight) => void;
  /** Reads the first page and those in sight again; others when they come in sight. */
  readonly refresh: () => void;
  readonly close: () => void;
}

export function createListReader<P extends Page<unknown>>(options: ListReaderOptions<P>): ListReader {
  const { pageSize, ask, onPage, onFailure, onRest } = options;
  const controller = new AbortController();
  const { signal } = controller;
  let pages: readonly HeldPage<P['items'][number]>[] = [];
  let sight: Sight = { first: 0, last: 0 };
  let round = 0;
  /** A backend that failed is asked again in the next round, and not at each turn of a wheel. */
  let failedIn = NO_ROUND;
  let isReading = false;

  const readPage = async (request: PageRequest, readIn: number): Promise<void> => {
    const page = await ask({ ...request, signal });
    signal.throwIfAborted();
    const { items, nextCursor } = page;
    pages = putPage(pages, request.at, { start: request.cursor, items, next: nextCursor, round: readIn });
    onPage(pages, page, request.at);
  };

  const read = async (): Promise<void> => {
    while (failedIn !== round) {
      const request = nextRequest(pages, { sight, pageSize, round });
      if (request === undefined) return;
      const readIn = round;
      try {
        await readPage(request, readIn);
      } catch (caught) {
        // A refresh that came meanwhile has begun another round, which is read all the same.
        failedIn = readIn;
        if (signal.aborted) return;
        onFailure(caught);
      }
    }
  };

  const work = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      await read();
    } finally {
      isReading = false;
      if (!signal.aborted) onRest();
    }
  };

  return {
    show: next => {
      sight = next;
      void work();
    },
    refresh: () => {
      round += 1;
      void work();
    },
    close: () => controller.abort(),
  };
}
