import type { Browser, Page } from 'playwright-core';
import { join } from 'node:path';
import de from '../../plugins/modelpier/src/translations/de';
import { accessibilityFaults, openPage, startBrowser, type WatchedPage } from './browser';
import { FOLDER, LONG, type ModelWorld, startModelWorld } from './model-world';

/** The tabs by their address, with words that each shows only with data of this model. */
const TABS: Readonly<Record<string, string>> = {
  '': 'POST /v2/models/mnist-mlp/infer',
  versions: '1.0.0',
  deployments: 'harbor',
  resources: 'Over time',
  reuse: 'The content changed.',
};

let given: ModelWorld;
let browser: Browser;

beforeAll(async () => {
  given = await startModelWorld();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await given.close();
});

const addressOf = (tab: string, name = 'mnist-mlp') =>
  `${given.url}/catalog/default/component/${name}/model${tab === '' ? '' : `/${tab}`}`;

async function open(tab: string, { page }: WatchedPage, name?: string): Promise<void> {
  await page.goto(addressOf(tab, name));
  await page.getByRole('tabpanel').waitFor({ timeout: 60_000 });
}

/** Nothing is loading any more. */
const settled = async (page: Page, word: string): Promise<void> => {
  await page.getByText(word).first().waitFor({ timeout: 30_000 });
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
};

/** By how much the page is wider than its window; tables scroll in frames of their own. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `Math.max(...[document.documentElement, ...document.querySelectorAll('main, [role=tabpanel]')]
      .map(element => element.scrollWidth - element.clientWidth))`,
  );

/** Notes from now on whatever moves on the page without having been asked to. */
const watchShifts = (page: Page): Promise<void> =>
  page.evaluate(
    `globalThis.shifts = [];
     new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
       .observe({ type: 'layout-shift' });`,
  );

it.each(['light', 'dark'] as const)('shows every tab by its address without a fault, %s', async scheme => {
  const watched = await openPage(browser, scheme);
  const { page, troubles } = watched;
  for (const [tab, word] of Object.entries(TABS)) {
    await open(tab, watched);
    await settled(page, word);
    await page.screenshot({ path: join(FOLDER, `${tab || 'overview'}-${scheme}.png`), fullPage: true });
    expect(await accessibilityFaults(page, '[role=tabpanel]')).toEqual([]);
  }
  expect(troubles).toEqual([]);
});

it('shows a card on the overview of the entity, which leads to the tab', async () => {
  const { page, troubles } = await openPage(browser, 'light');
  await page.goto(`${given.url}/catalog/default/component/mnist-mlp`);
  await page.getByText('3 / 3').waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Versions, resources and reuse' }).click();
  await page.getByText('POST /v2/models/mnist-mlp/infer').waitFor();
  expect(troubles).toEqual([]);
});

it('is used by keyboard alone: tabs, the range of the charts, and their table', async () => {
  const watched = await openPage(browser, 'light');
  const { page, troubles } = watched;
  await open('', watched);
  await page.getByRole('tab', { name: 'Overview' }).last().focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/model/resources');
  await page.getByRole('radio', { name: '7 days' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL('**/model/resources?range=day');
  await page.getByRole('button', { name: 'As a table' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Over time' }).waitFor();
  expect(await accessibilityFaults(page, '[role=tabpanel]')).toEqual([]);
  expect(troubles).toEqual([]);
});

it('opens what an address names', async () => {
  const watched = await openPage(browser, 'light');
  await open('resources?range=quarter', watched);
  const chosen = watched.page.getByRole('radio', { name: '3 months' });
  await chosen.waitFor();
  expect(await chosen.isChecked()).toBe(true);
});

it('speaks German with German figures to who chose it', async () => {
  const watched = await openPage(browser, 'light');
  const { page, troubles } = watched;
  await page.addInitScript("localStorage.setItem('language', 'de')");
  await open('resources', watched);
  await settled(page, de['history.title']);
  await page.getByText(/^7,84 CPU \/ \d+ = \d,\d+ CPU$/).waitFor();
  await open('reuse', watched);
  await settled(page, de['reuse.whyNew.content-changed']);
  await page
    .getByText(/^R = 1 − .* = \d+(,\d)? %$/)
    .first()
    .waitFor();
  expect(await accessibilityFaults(page, '[role=tabpanel]')).toEqual([]);
  expect(troubles).toEqual([]);
});

it('moves nothing when it is refreshed', async () => {
  const watched = await openPage(browser, 'light');
  const { page } = watched;
  for (const tab of ['', 'resources', 'reuse']) {
    await open(tab, watched);
    await settled(page, TABS[tab] ?? '');
    await watchShifts(page);
    const answered = page.waitForResponse(response => response.url().includes('/api/modelpier/v1/models/'));
    await page.getByRole('button', { name: 'Refresh' }).click();
    await (await answered).finished();
    // What moves, moves with one of the next frames.
    await page.waitForTimeout(500);
    const moved = await page.evaluate('shifts.reduce((sum, each) => sum + each, 0)');
    // An age that is a hair wider moves less than a millionth; a row of a table, some thousandths.
    expect(moved).toBeLessThan(1e-5);
  }
});

it('keeps its rows when a cluster goes down, says so, and forgets it when the cluster is back', async () => {
  const watched = await openPage(browser, 'light');
  const { page, troubles } = watched;
  await open('resources', watched);
  await settled(page, 'Over time');
  given.world.cluster.faults.plant({ status: 503, message: 'the API server is going down' });
  const banner = page.getByText(/^Cluster harbor (could not be read|cannot be reached)/);
  await banner.waitFor({ timeout: 90_000 });
  expect(
    await page
      .getByRole('table', { name: /^Allocation in/ })
      .first()
      .isVisible(),
  ).toBe(true);
  expect(await accessibilityFaults(page, '[role=tabpanel]')).toEqual([]);
  given.world.cluster.faults.clear();
  await banner.waitFor({ state: 'detached', timeout: 120_000 });
  expect(troubles).toEqual([]);
});

it('fits the page with very long names, and from right to left', async () => {
  const watched = await openPage(browser, 'dark');
  const { page } = watched;
  await page.addInitScript(
    "document.addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl'; })",
  );
  for (const tab of Object.keys(TABS)) {
    await open(tab, watched, LONG);
    await settled(page, tab === '' ? '1.2.0' : (TABS[tab] ?? ''));
    await page.screenshot({ path: join(FOLDER, `long-${tab || 'overview'}-rtl.png`), fullPage: true });
    expect([tab, await overflow(page)]).toEqual([tab, 0]);
  }
});
