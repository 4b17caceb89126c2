import type { Browser, Page } from 'playwright-core';
import { join } from 'node:path';
import { type ActionsWorld, FOLDER, startActionsWorld } from './actions-world';
import { accessibilityFaults, openPage, startBrowser, type WatchedPage } from './browser';

const PATIENCE_MS = 30_000;
let world: ActionsWorld;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  world = await startActionsWorld(new Date());
  browser = await startBrowser();
  watched = await openPage(browser, 'light');
}, 600_000);
afterAll(async () => {
  await browser.close();
  await world.close();
});

const pathOf = (rest: string, model = 'mnist-mlp') =>
  `${world.portal.url}/catalog/default/component/${model}/model/${rest}`;
const deployments = (page: Page) => page.getByRole('table', { name: /^Deployments of/ });
const open = (page: Page, rest: string, model?: string) => page.goto(pathOf(rest, model));
const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });

it('compares two versions by a link, with the change that breaks callers marked', async () => {
  const { page } = watched;
  const [before, after] = [world.digests['1.0.0'], world.digests['1.2.0']].map(encodeURIComponent);
  await open(page, `versions?compare=${before}&compare=${after}`);
  const comparison = page.getByRole('region', { name: 'From 1.0.0 to 1.2.0' });
  await comparison.getByText('input image is gone').waitFor({ timeout: PATIENCE_MS });
  expect(await comparison.getByText('breaking').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Show details of 1.2.0' }).click();
  await page.getByText('signed, not verified').waitFor({ timeout: PATIENCE_MS });
  await page.getByText('FP32: 101,770 parameters').waitFor();
  await page.getByText(/12 cases, p95 4 ms, cold start 3\.2 s/).waitFor();
  expect(await page.getByText(/\bclean\b|\bverified\b(?<!not verified)/).count()).toBe(0);
});

it('rolls back by keyboard alone, once, and tells how it ended', async () => {
  const { page } = watched;
  await open(page, 'deployments');
  const opener = deployments(page).getByRole('button', { name: 'Roll back production' });
  await opener.focus();
  await opener.and(page.locator(':not([aria-disabled])')).waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press('Enter');
  const dialog = dialogOf(page, 'Roll back production');
  await dialog
    .getByText(/This starts rollback\.yml of acme\/mnist-mlp on main/)
    .waitFor({ timeout: PATIENCE_MS });
  await dialog.getByText(/^accuracy: 0.9806 → 0.9739/).waitFor({ state: 'detached' });
  expect(await dialog.getByRole('radio', { name: /^1\.1\.0/ }).isChecked()).toBe(true);

  // What is chosen survives a reload, and nothing was started by opening.
  await dialog.getByRole('radio', { name: /^1\.1\.0/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.reload();
  await dialog.getByText(/^accuracy: 0.9806 → 0.9739/).waitFor({ timeout: PATIENCE_MS });
  expect(await accessibilityFaults(page, '[role=dialog]')).toEqual([]);
  await page.screenshot({ path: join(FOLDER, 'rollback-dialog.png') });
  expect(world.github.dispatches).toEqual([]);

  await dialog.getByRole('button', { name: 'Roll back to 1.0.0' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const progress = page.getByRole('region', { name: 'Rollback of production to 1.0.0' });
  await progress
    .locator('li')
    .getByText(/Waiting for the run/)
    .waitFor({ timeout: PATIENCE_MS });
  expect(world.github.dispatches).toEqual([
    { workflow: 'rollback.yml', ref: 'main', inputs: { environment: 'production', version: '1.0.0' } },
  ]);
  const address = await progress.getByRole('link', { name: /Its run/ }).getAttribute('href');

  await page.reload();
  await progress
    .locator('li')
    .getByText(/Waiting for the run/)
    .waitFor({ timeout: PATIENCE_MS });
  await world.record({
    id: '20260304t120000-77aa',
    version: '1.0.0',
    runUrl: address ?? '',
    startedAt: new Date().toISOString(),
    verdict: 'failed',
    reason: 'Deployment/apps/mnist-mlp-production failed: 1 of 2 replicas are ready',
    diagnosis: 'raise resources.limits.memory to 512Mi',
    rolledBackFrom: { id: '20260303t120000-3fa9', version: '1.2.0' },
  });
  await progress
    .locator('li')
    .getByText('raise resources.limits.memory to 512Mi')
    .waitFor({ timeout: PATIENCE_MS });
  await page.screenshot({ path: join(FOLDER, 'rollback-progress.png') });
  expect(world.github.dispatches).toHaveLength(1);
  await progress.getByRole('button', { name: 'Dismiss' }).click();
  await progress.waitFor({ state: 'detached' });
});

it('promotes a version by its digest, to where it does not run', async () => {
  const { page } = watched;
  await open(page, `versions?promote=${encodeURIComponent(world.digests['1.1.0'])}`);
  const dialog = dialogOf(page, 'Promote 1.1.0');
  await dialog.getByText('staging').first().click({ timeout: PATIENCE_MS });
  await dialog.getByRole('button', { name: 'Promote to staging' }).click();
  await page.getByRole('region', { name: 'Promotion of 1.1.0 to staging' }).waitFor({ timeout: PATIENCE_MS });
  expect(world.github.dispatches.at(-1)).toMatchObject({
    workflow: 'promote.yml',
    inputs: {
      environment: 'staging',
      image: expect.stringContaining(`@${world.digests['1.1.0']}`) as string,
    },
  });
});

it('lets nobody press who may not, and says which permission it takes', async () => {
  const { page } = watched;
  await open(page, 'deployments', 'others-model');
  const refused = deployments(page).getByRole('button', { name: 'Roll back production' });
  await refused.and(page.locator('[aria-disabled=true]')).waitFor({ timeout: PATIENCE_MS });
  await refused.focus();
  await page
    .getByRole('tooltip')
    .getByText(/modelpier\.release\.rollback/)
    .waitFor({ timeout: PATIENCE_MS });
  const before = world.github.dispatches.length;
  await page.keyboard.press('Enter');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(world.github.dispatches).toHaveLength(before);
});

it.each(['light', 'dark'] as const)('has nothing that axe finds on both tabs, %s', async scheme => {
  const own = await openPage(browser, scheme);
  for (const tab of ['versions', 'deployments']) {
    await open(own.page, tab);
    await own.page
      .getByRole('button', { name: /^Show (details of 1\.2\.0|2 pods of mnist-mlp-prod)/ })
      .first()
      .click();
    await own.page.getByText('signed, not verified').waitFor({ timeout: PATIENCE_MS });
    for (const width of [1280, 1920]) {
      await own.page.setViewportSize({ width, height: 900 });
      await own.page.screenshot({ path: join(FOLDER, `${tab}-${scheme}-${width}.png`), fullPage: true });
    }
    expect(await accessibilityFaults(own.page, '[role=tabpanel]')).toEqual([]);
  }
  expect(own.troubles).toEqual([]);
});

it('fails no request and writes no error to the console all the while', () => {
  expect(watched.troubles).toEqual([]);
});
