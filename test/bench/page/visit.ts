import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ownCodeBytes } from './own-code';

/** What one visit of the fleet and of one of its models took. */
export interface Visit {
  readonly fleetMs: number;
  readonly fleetRequests: number;
  readonly fleetBytes: number;
  readonly modelMs: number;
  readonly modelRequests: number;
  readonly modelBytes: number;
  readonly longestTaskMs: number;
  readonly shift: number;
}

const ROW = 'tr[aria-rowindex="2"] th a';
const FRAME = '[role="group"]:has(> table)';
const REFRESH = 'button[aria-label="Refresh"]';
/** The age of the newest version: what stands there before has not been read yet. */
const MODEL = '[role="tabpanel"] time';
/** A dozen rows in each frame: as fast as a hand on the wheel gets. */
const TURN_PX = 600;
/** What a page asks for behind its first paint comes within this. */
const SETTLE_MS = 1_000;

/** One of `in-page.js`. */
const ask = (page: Page, act: string, ...given: readonly (string | number)[]): Promise<number> =>
  page.evaluate<number>(`bench.${act}(...${JSON.stringify(given)})`);

/** A new browser profile each time: what a page needs is fetched, as on a first visit. */
export async function visit(browser: Browser, url: string, model: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') });
    const page = await context.newPage();
    const seen = watchRequests(page);
    await page.goto(`${url}/catalog`);
    await page.locator('nav a[href="/models"], a[href="/models"]').first().waitFor();
    await page.waitForLoadState('networkidle');

    seen.clear();
    const fleetMs = await ask(page, 'timeClick', 'a[href="/models"]', ROW);
    await page.waitForTimeout(SETTLE_MS);
    const fleet = seen.take();

    await ask(page, 'watchShifts');
    await page.locator(REFRESH).click();
    await page.waitForTimeout(SETTLE_MS);
    const shift = await page.evaluate<number>('bench.shifts');
    const longestTaskMs = await ask(page, 'longestTaskWhileScrolling', FRAME, TURN_PX);

    await page.goto(`${url}/models?filter=${model}`);
    await page.locator(ROW).waitFor();
    await page.waitForLoadState('networkidle');
    seen.clear();
    const modelMs = await ask(page, 'timeClick', ROW, MODEL);
    await page.waitForTimeout(SETTLE_MS);
    const own = seen.take();
    return {
      fleetMs,
      fleetRequests: fleet.questions,
      fleetBytes: await ownCodeBytes(fleet.code),
      modelMs,
      modelRequests: own.questions,
      modelBytes: await ownCodeBytes(own.code),
      longestTaskMs,
      shift,
    };
  } finally {
    await context.close();
  }
}

/** Requests to the plugin, and every script and style that the page has by now. */
function watchRequests(page: Page) {
  let questions = 0;
  const code = new Set<string>();
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/modelpier/')) questions += 1;
    if (/\.(?:js|css)$/.test(pathname)) code.add(request.url());
  });
  return {
    clear: () => {
      questions = 0;
    },
    take: () => ({ questions, code: [...code] }),
  };
}
