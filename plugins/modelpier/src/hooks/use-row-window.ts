import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Sight } from './list-reader';

/** Rows drawn beyond the edges, so that a turn of the wheel or a step of the focus finds them there. */
const BEYOND = 8;
/** Until the frame has been measured. */
const FIRST_HEIGHT_PX = 800;

export interface RowWindow extends Sight {
  readonly frame: RefObject<HTMLDivElement>;
  /** Goes back to the first row. */
  readonly toTop: () => void;
}

/** Which of many rows of one height are worth drawing in a frame that scrolls. */
export function useRowWindow(count: number, rowHeight: number): RowWindow {
  const frame = useRef<HTMLDivElement>(null);
  const [topRow, setTopRow] = useState(0);
  const [height, setHeight] = useState(FIRST_HEIGHT_PX);

  useEffect(() => {
    const scrolled = frame.current;
    if (scrolled === null) return undefined;
    const onScroll = (): void => setTopRow(Math.floor(scrolled.scrollTop / rowHeight));
    scrolled.addEventListener('scroll', onScroll, { passive: true });
    return () => scrolled.removeEventListener('scroll', onScroll);
  }, [rowHeight]);

  const measure = useCallback(() => setHeight(frame.current?.clientHeight || FIRST_HEIGHT_PX), []);
  useLayoutEffect(measure, [measure, count]);
  useEffect(() => {
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [measure]);

  const toTop = useCallback(() => {
    if (frame.current !== null) frame.current.scrollTop = 0;
  }, []);
  const shown = Math.ceil(height / rowHeight);
  // A list that became shorter leaves the place where the reader was.
  const top = Math.min(topRow, Math.max(0, count - shown));
  return {
    frame,
    first: Math.max(0, top - BEYOND),
    last: Math.min(count - 1, top + shown + BEYOND),
    toTop,
  };
}
