import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sqliteFleets } from '../bench/portal/fleet-database';
import { planFleet, sizeFor } from '../fleet/fleet-plan';
import { type FleetPortal, startFleetPortal } from '../fleet/fleet-portal';
import { startKubernetes } from '../servers/kubernetes';
import { freePort } from '../tools/free-port';
import { accessibilityFaults, openPage, startBrowser } from './browser';

const FOLDER = join(__dirname, '../../.modelpier/e2e-fleet');
const SIZE = sizeFor(200);
const SEED = 1;
const MODELS = planFleet(SIZE, SEED);
/** A cluster that really is asked, beside those of the fleet. */
const EDGE = 'edge-01';
const FRAME = '[role="group"]:has(> table)';

let browser: Browser;
let portal: FleetPortal;
let edgePort: number;

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  edgePort = await freePort();
  const database = await sqliteFleets({ folder: FOLDER, seed: SEED, tell: () => {} }).create(SIZE);
  portal = await startFleetPortal({
    folder: FOLDER,
    size: SIZE,
    entities: MODELS,
    database,
    clusters: [{ name: EDGE, url: `http://127.0.0.1:${edgePort}` }],
  });
  browser = await startBrowser();
  await portal.untilInCatalog(MODELS.length);
});

afterAll(async () => {
  await browser.close();
  await portal.close();
});

/** Opens the page, has something done on it, and holds it to what every page is held to. */
async function onPage(
  query: string,
  act: (page: Page) => Promise<void>,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<void> {
  const { page, troubles } = await openPage(browser, colorScheme);
  try {
    await page.goto(`${portal.url}/models${query}`);
    await page.getByRole('table').waitFor();
    await act(page);
    expect(troubles).toEqual([]);
  } finally {
    await page.context().close();
  }
}

const countOf = async (page: Page): Promise<number> =>
  Number(await page.getByRole('table').getAttribute('aria-rowcount')) - 1;
const awaitCount = (page: Page, count: number): Promise<unknown> =>
  page.locator(`table[aria-rowcount="${count + 1}"][aria-busy="false"]`).waitFor();
const firstName = (page: Page): Promise<string | null> =>
  page.locator('tr[aria-rowindex="2"] th a').textContent();
const byName = MODELS.map(({ name, title }) => title ?? name);

it('leads from the sidebar to the fleet, on to a model, and back to the same view', async () => {
  const { page, troubles } = await openPage(browser, 'light');
  await page.goto(`${portal.url}/catalog`);
  await page.getByRole('link', { name: 'Models' }).click();
  await awaitCount(page, SIZE.models);
  await page.getByRole('button', { name: /^Failed / }).click();
  await page.waitForURL(/health=Failed/);
  const name = await firstName(page);
  await page.locator('tr[aria-rowindex="2"] th a').click();
  await page.waitForURL(/\/catalog\/default\/component\/.+\/model/);
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: /^Failed /, pressed: true }).waitFor();
  expect(await firstName(page)).toBe(name);
  expect(troubles).toEqual([]);
  await page.context().close();
});

it('filters and sorts over all rows, and says so in the address', () =>
  onPage('', async page => {
    await awaitCount(page, SIZE.models);
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('fraud');
    const fraud = MODELS.filter(({ name }) => name.includes('fraud'));
    await awaitCount(page, fraud.length);
    await page.getByRole('button', { name: 'Any owner' }).click();
    const { owner } = fraud[0]!;
    const team = owner.split('/')[1] ?? '';
    await page.getByRole('option', { name: team }).waitFor();
    await page.keyboard.type(team);
    await page.keyboard.press('Enter');
    await awaitCount(page, fraud.filter(model => model.owner === owner).length);
    await page.getByRole('button', { name: 'Image' }).click();
    await page.waitForURL(url => url.searchParams.get('sort') === '-size');
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({ filter: 'fraud', owner, sort: '-size' });
  }));

it('opens a view that was sent as an address, with the last row at the end', () =>
  onPage('?sort=-name&resource=memory&environment=production', async page => {
    await page.getByRole('radio', { name: 'Memory', checked: true }).waitFor();
    const inProduction = MODELS.filter(({ clusters }) => clusters.some(cluster => cluster % 5 !== 0));
    await awaitCount(page, inProduction.length);
    const names = inProduction.map(({ name }) => name).toSorted();
    const titles = new Map(MODELS.map(({ name }, at) => [name, byName[at]]));
    expect(await firstName(page)).toBe(titles.get(names.at(-1) ?? ''));
    await page.locator(FRAME).hover();
    await page.mouse.wheel(0, 1_000_000);
    const last = page.locator(`tr[aria-rowindex="${inProduction.length + 1}"] th a`);
    await last.waitFor();
    expect(await last.textContent()).toBe(titles.get(names[0] ?? ''));
  }));

it('saves every model that fits as CSV', () =>
  onPage('?filter=fraud', async page => {
    const fraud = MODELS.filter(({ name }) => name.includes('fraud')).map(({ name }) => name);
    await awaitCount(page, fraud.length);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(download.suggestedFilename()).toBe('models.csv');
    const name = head?.split(',').indexOf('name') ?? 0;
    expect(lines.map(line => line.split(',')[name])).toEqual(fraud.toSorted());
  }));

it('keeps everything in sight while a cluster is down, and forgets the trouble when it is back', () =>
  onPage('', async page => {
    await awaitCount(page, SIZE.models);
    const told = page.getByText(`Cluster ${EDGE} cannot be reached`);
    await portal.collect(`collect-cluster-${EDGE}`);
    await untilRefreshed(page, () => told.isVisible());
    expect(await countOf(page)).toBe(SIZE.models);
    const cluster = await startKubernetes({ port: edgePort });
    try {
      await portal.collect(`collect-cluster-${EDGE}`);
      await untilRefreshed(page, async () => !(await told.isVisible()));
      expect(await countOf(page)).toBe(SIZE.models);
    } finally {
      await cluster.close();
    }
  }));

/** Presses the page's own button until it shows what is waited for. */
async function untilRefreshed(page: Page, isShown: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.waitForTimeout(500);
    if (await isShown()) return;
  }
  throw new Error('the page did not show it within 20 s');
}

it('serves by keyboard alone: sorts, chooses a view, and opens a model', () =>
  onPage('', async page => {
    await awaitCount(page, SIZE.models);
    await page.getByRole('searchbox', { name: 'Find a model' }).focus();
    await tabTo(page, 'input[type="radio"]');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/resource=memory/);
    await tabTo(page, 'th button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=-name/);
    await tabTo(page, 'tr[aria-rowindex="2"] th a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/catalog\/default\/component\/.+\/model/);
  }));

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

it.each(['light', 'dark'] as const)('has nothing that axe would find fault with, in the %s', colorScheme =>
  onPage(
    '',
    async page => {
      await awaitCount(page, SIZE.models);
      expect(await accessibilityFaults(page, 'body')).toEqual([]);
      await page.getByRole('button', { name: 'Any owner' }).click();
      expect(await accessibilityFaults(page, '[role="listbox"]')).toEqual([]);
    },
    colorScheme,
  ),
);
