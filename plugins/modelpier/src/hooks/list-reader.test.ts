import { createListReader, type HeldPage, nextRequest, type PageRequest, putPage } from './list-reader';

const PAGE = 2;
const held = (start: string | undefined, next: string | null, round = 1): HeldPage<string> => ({
  start,
  next,
  round,
  items: [`${start ?? 'first'}-1`, `${start ?? 'first'}-2`],
});
const three = [held(undefined, 'b'), held('b', 'c'), held('c', 'd')];
const asked = (pages: readonly HeldPage<string>[], first: number, last: number, round = 1) =>
  nextRequest(pages, { sight: { first, last }, pageSize: PAGE, round });

it('reads the first page first, whatever is in sight', () => {
  expect(asked([], 400, 420)).toEqual({ at: 0, cursor: undefined });
  expect(asked(three, 4, 5, 2)).toEqual({ at: 0, cursor: undefined });
});

it('reads what is in sight again from where it begins, and nothing out of sight', () => {
  const pages = [held(undefined, 'b', 2), held('b', 'c'), held('c', 'd')];
  expect(asked(pages, 4, 5, 2)).toEqual({ at: 2, cursor: 'c' });
  expect(asked(pages, 0, 1, 2)).toBeUndefined();
});

it('reads on to what is in sight, and no further than the list goes', () => {
  expect(asked(three, 90, 91)).toEqual({ at: 3, cursor: 'd' });
  expect(asked([held(undefined, null)], 90, 91)).toBeUndefined();
});

it('keeps the rows behind a page that ends elsewhere until they are read again', () => {
  const pages = putPage(three, 0, held(undefined, 'a2', 2));
  expect(pages.map(({ start, round }) => [start, round])).toEqual([
    [undefined, 2],
    ['a2', -1],
    ['c', 1],
  ]);
  expect(pages[1]?.items).toEqual(['b-1', 'b-2']);
});

it('forgets what lies behind the end', () => {
  expect(putPage(three, 1, held('b', null))).toHaveLength(2);
});

describe('a reader', () => {
  /** A list of so many rows, and what was asked of it. */
  function readerOf(rows: number) {
    const cursors: (string | undefined)[] = [];
    const seen: { rows: number; failures: unknown[]; rests: number; failing?: boolean } = {
      rows: 0,
      failures: [],
      rests: 0,
    };
    const reader = createListReader({
      pageSize: PAGE,
      ask: ({ cursor }: PageRequest) => {
        cursors.push(cursor);
        if (seen.failing) return Promise.reject(new Error('gone'));
        const from = Number(cursor ?? 0);
        const items = Array.from({ length: Math.min(PAGE, rows - from) }, (_, at) => from + at);
        return Promise.resolve({ items, nextCursor: from + PAGE < rows ? String(from + PAGE) : null });
      },
      onPage: pages => {
        seen.rows = pages.flatMap(({ items }) => items).length;
      },
      onFailure: caught => seen.failures.push(caught),
      onRest: () => {
        seen.rests += 1;
      },
    });
    return { reader, cursors, seen, settled: () => new Promise(resolve => setTimeout(resolve, 5)) };
  }

  it('reads as far as somebody looks', async () => {
    const { reader, cursors, seen, settled } = readerOf(11);
    reader.show({ first: 0, last: 3 });
    await settled();
    expect(cursors).toEqual([undefined, '2']);
    reader.show({ first: 8, last: 11 });
    await settled();
    expect(seen.rows).toBe(11);
    expect(cursors).toEqual([undefined, '2', '4', '6', '8', '10']);
  });

  it('asks a backend that failed again with the next refresh only', async () => {
    const { reader, cursors, seen, settled } = readerOf(4);
    seen.failing = true;
    reader.show({ first: 0, last: 3 });
    await settled();
    reader.show({ first: 1, last: 3 });
    await settled();
    expect(seen.failures).toHaveLength(1);
    seen.failing = false;
    reader.refresh();
    await settled();
    expect(seen.rows).toBe(4);
    expect(cursors).toEqual([undefined, undefined, '2']);
  });

  it('reads again after a refresh that was asked for while a request was failing', async () => {
    const { reader, cursors, seen, settled } = readerOf(4);
    seen.failing = true;
    reader.show({ first: 0, last: 3 });
    seen.failing = false;
    reader.refresh();
    await settled();
    expect(seen).toMatchObject({ rows: 4, failures: [expect.any(Error)], rests: 1 });
    expect(cursors).toEqual([undefined, undefined, '2']);
  });

  it('says nothing more once it is closed', async () => {
    const { reader, seen, settled } = readerOf(4);
    reader.show({ first: 0, last: 3 });
    reader.close();
    await settled();
    expect(seen).toMatchObject({ rows: 0, failures: [], rests: 0 });
  });
});
