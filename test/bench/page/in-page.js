/* Runs in the browser, before the page's own scripts: tells by the page's own clock how it does. */
const frame = () => new Promise(resolve => requestAnimationFrame(resolve));

globalThis.bench = {
  /** Clicks a link and tells how long it was until the selected thing had been painted. */
  async timeClick(link, awaited) {
    const found = document.querySelector(link);
    const begun = performance.now();
    found.click();
    while (document.querySelector(awaited) === null) await frame();
    await frame();
    await frame();
    return performance.now() - begun;
  },

  /** Scrolls a frame from its top to its end, and tells the longest time that the page was busy at once. */
  async longestTaskWhileScrolling(selector, turnPx) {
    const scrolled = document.querySelector(selector);
    let longest = 0;
    const observer = new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: 'longtask' });
    const end = scrolled.scrollHeight - scrolled.clientHeight;
    for (let top = 0; top < end; top += turnPx) {
      scrolled.scrollTop = top;
      await frame();
    }
    scrolled.scrollTop = end;
    await new Promise(resolve => setTimeout(resolve, 500));
    observer.disconnect();
    return longest;
  },

  shifts: 0,

  /** Begins to add up how far things move on the page, whatever moves them. */
  watchShifts() {
    new PerformanceObserver(list => {
      for (const { value } of list.getEntries()) this.shifts += value;
    }).observe({ type: 'layout-shift' });
  },
};
