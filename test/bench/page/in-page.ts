import type { Page } from 'playwright-core';

/** Clicks a link and tells how long it was until the selected thing stood there, by the page's own clock. */
export const timeClick = (page: Page, link: string, awaited: string): Promise<number> =>
  page.evaluate(
    async ([linkSelector = '', awaitedSelector = '']) => {
      const found = document.querySelector<HTMLElement>(linkSelector);
      if (found === null) throw new Error(`no ${linkSelector} to click`);
      const begun = performance.now();
      found.click();
      while (document.querySelector(awaitedSelector) === null)
        await new Promise(resolve => requestAnimationFrame(resolve));
      // Until what stands in the document has been painted.
      await new Promise(resolve => requestAnimationFrame(resolve));
      await new Promise(resolve => requestAnimationFrame(resolve));
      return performance.now() - begun;
    },
    [link, awaited],
  );

/** Scrolls a frame from its top to its end, and tells the longest time that the page was busy at once. */
export const longestTaskWhileScrolling = (page: Page, frame: string): Promise<number> =>
  page.evaluate(async selector => {
    const scrolled = document.querySelector(selector);
    if (scrolled === null) throw new Error(`no ${selector} to scroll`);
    const turnPx = 600;
    let longest = 0;
    const observer = new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: 'longtask' });
    const end = scrolled.scrollHeight - scrolled.clientHeight;
    for (let top = 0; top < end; top += turnPx) {
      scrolled.scrollTop = top;
      await new Promise(resolve => requestAnimationFrame(resolve));
    }
    scrolled.scrollTop = end;
    await new Promise(resolve => setTimeout(resolve, 500));
    observer.disconnect();
    return longest;
  }, frame);

/** Begins to add up how far things move on the page, whatever moves them. */
export const watchShifts = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const watched = globalThis as unknown as { shifts: number };
    watched.shifts = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) watched.shifts += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift' });
  });

export const readShifts = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { shifts: number }).shifts);
