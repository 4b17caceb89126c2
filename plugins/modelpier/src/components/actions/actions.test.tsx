import { type Release, type Started } from '@modelpier/backstage-plugin-modelpier-common';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { modelFixture } from '../../../dev/fixtures';
import { renderModelPage } from '../../../dev/model-page';
import { WAYS } from '../../../dev/proofs';
import { RUN_URL } from '../../../dev/routes';

const fixture = modelFixture({ now: new Date() });
const [newest, middle, oldest] = fixture.versions.items;
const staging = 'staging';
/** Staging went 1.0.0, 1.1.0, 1.2.0. */
const history = [newest!, middle!, oldest!].map((version, index): Release => ({
  ...fixture.releases!.items[0]!,
  id: `2026030${3 - index}t120000-3fa9`,
  version: version.version!,
  digest: version.digest,
}));
const withHistory = {
  ...fixture,
  releases: { ...fixture.releases!, items: history, total: history.length },
};
const POSTS = 'POST /v1/models/default/component/mnist-mlp/rollback';

beforeEach(() => sessionStorage.clear());

/** The first test loads the page's parts. */
const PATIENTLY = { timeout: 5000 };
const button = (name: string | RegExp) => screen.findByRole('button', { name }, PATIENTLY);
const openRollback = async (user: ReturnType<typeof userEvent.setup>) => {
  const opener = await button(`Roll back ${staging}`);
  await waitFor(() => expect(opener).not.toHaveAttribute('aria-disabled'));
  await user.click(opener);
  return within(await screen.findByRole('dialog', { name: `Roll back ${staging}` }));
};
const start = (
  page: Parameters<typeof renderModelPage>[0]['fixture'] = withHistory,
  tab = 'deployments',
) => ({
  user: userEvent.setup(),
  backend: renderModelPage({ fixture: page, tab }),
});

it('says what will change, where, and which workflow is started, before it starts anything', async () => {
  const { user, backend } = start();
  const dialog = await openRollback(user);
  expect(await dialog.findByRole('radio', { name: /^1\.1\.0/ })).toBeChecked();
  const [place] = within(dialog.getByRole('list', { name: 'What changes in staging' })).getAllByRole(
    'listitem',
  );
  expect(place).toHaveTextContent(/harbor \/ apps-staging.*from.*1\.2\.0.*to.*1\.1\.0/);
  expect(dialog.getByText(/This starts rollback\.yml of acme\/mnist-mlp on main/)).toBeVisible();
  expect(await dialog.findByText('breaking')).toBeVisible();
  expect(dialog.getByText(/accuracy: 0.9806 → 0.9739 \(-0.0067\)/)).toBeVisible();
  await user.click(dialog.getByRole('radio', { name: /^1\.0\.0/ }));
  expect(
    await dialog.findByText(/Safety scan: nothing known found, but can run code → not scanned/),
  ).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Roll back to 1.0.0' })).toBeEnabled();
  expect(backend.asked).not.toContain(POSTS);
});

it('starts the version that was chosen, once, and then shows how it comes along to the verdict', async () => {
  const { user, backend } = start();
  const dialog = await openRollback(user);
  await user.click(await dialog.findByRole('radio', { name: /^1\.0\.0/ }));
  await user.dblClick(dialog.getByRole('button', { name: 'Roll back to 1.0.0' }));
  const progress = within(await screen.findByRole('region', { name: 'Rollback of staging to 1.0.0' }));
  expect(backend.sent.map(({ body }) => body)).toEqual([
    { environment: staging, version: '1.0.0', requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
  ]);
  expect(progress.getByRole('link', { name: /Its run/ })).toHaveAttribute('href', RUN_URL);
  const steps = within(progress.getByRole('list'));
  const told = progress.getByRole('status');
  expect(steps.getByText(/Waiting for the run/)).toBeVisible();
  expect(told).toHaveTextContent('Waiting for the run to record its release.');
  // A list keeps its items, and what is read out holds neither an age nor buttons.
  expect(steps.getAllByRole('listitem')).toHaveLength(2);
  expect(told).not.toContainElement(progress.getByRole('link', { name: /Its run/ }));
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  expect(await button(`Roll back ${staging}`)).toHaveAccessibleDescription(/under way in staging/);

  const release: Release = {
    ...history[2]!,
    id: '20260304t120000-77aa',
    runUrl: RUN_URL,
    verdict: 'failed',
    reason: 'Deployment/apps/mnist-mlp failed: 2 of 3 replicas are ready',
    diagnosis: 'raise resources.limits.memory',
    canReturn: false,
  };
  backend.fixture = { ...withHistory, releases: { ...withHistory.releases, items: [release, ...history] } };
  await user.click(screen.getByRole('button', { name: 'Refresh' }));
  expect(
    await steps.findByText(/Release recorded in harbor \/ apps-staging/, {}, { timeout: 7000 }),
  ).toBeVisible();
  expect(steps.getByText('Failed')).toBeVisible();
  expect(steps.getByText('raise resources.limits.memory')).toBeVisible();
  expect(told).toHaveTextContent(/^Failed; .*2 of 3 replicas are ready; raise resources\.limits\.memory$/);
  await user.click(progress.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByRole('region', { name: /^Rollback of staging/ })).not.toBeInTheDocument();
}, 15_000);

it('asks under the same name again where no answer came, also after a reload', async () => {
  const { user, backend } = start();
  backend.isSilent = true;
  const dialog = await openRollback(user);
  await user.click(await dialog.findByRole('button', { name: 'Roll back to 1.1.0' }));
  expect(await dialog.findByRole('alert')).toHaveTextContent(/cannot be reached/);
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText(/Nobody knows/, { selector: 'li *' })).toBeVisible();
  backend.isSilent = false;
  await user.click(screen.getByRole('button', { name: /Ask again/ }));
  expect(await screen.findByRole('link', { name: /Its run/ })).toBeVisible();
  const [first, second] = backend.sent.map(({ body }) => (body as { requestId: string }).requestId);
  expect(backend.sent).toHaveLength(2);
  expect(second).toBe(first);
});

it('forgets what was refused, and says why', async () => {
  const { user, backend } = start();
  const dialog = await openRollback(user);
  const confirm = await dialog.findByRole('button', { name: 'Roll back to 1.1.0' });
  backend.refusal = {
    status: 502,
    title: 'Upstream failed',
    detail: 'start rollback.yml of acme/mnist-mlp: GitHub answered 403',
    hint: 'the credentials need `actions: write`',
  };
  await user.click(confirm);
  expect(await dialog.findByRole('alert')).toHaveTextContent(/GitHub answered 403.*need `actions: write`/);
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('region', { name: /^Rollback of/ })).not.toBeInTheDocument();
});

it('asks under the same name again where the backend failed, as it may have started it before', async () => {
  const { user, backend } = start();
  const dialog = await openRollback(user);
  const confirm = await dialog.findByRole('button', { name: 'Roll back to 1.1.0' });
  backend.refusal = { status: 500, title: 'Internal error' };
  await user.click(confirm);
  expect(await dialog.findByRole('alert')).toHaveTextContent(/Internal error/);
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText(/Nobody knows/, { selector: 'li *' })).toBeVisible();
  backend.refusal = undefined;
  await user.click(screen.getByRole('button', { name: /Ask again/ }));
  expect(await screen.findByRole('link', { name: /Its run/ })).toBeVisible();
  const [first, second] = backend.sent.map(({ body }) => (body as { requestId: string }).requestId);
  expect(second).toBe(first);
});

it('still tells of what was started after a reload, and opens a dialog by its address', async () => {
  const { user } = start();
  const dialog = await openRollback(user);
  await user.click(await dialog.findByRole('button', { name: 'Roll back to 1.1.0' }));
  await screen.findByRole('region', { name: 'Rollback of staging to 1.1.0' });
  cleanup();
  start(withHistory, `deployments?promote=${newest!.digest}&to=production`);
  expect(await screen.findByRole('dialog', { name: 'Promote 1.2.0' })).toBeVisible();
  expect(await screen.findByRole('radio', { name: 'production' })).toBeChecked();
  expect(screen.getByText('Rollback of staging to 1.1.0')).toBeInTheDocument();
});

describe('what was started before', () => {
  const REFRESHES = 'POST /v1/models/default/component/mnist-mlp/refresh';
  const minutesAgo = (count: number) => new Date(Date.now() - count * 60_000).toISOString();
  const remember = (at: string) => {
    const started: Started = {
      requestId: 'f'.repeat(32),
      action: 'rollback',
      environment: staging,
      version: oldest!.version!,
      digest: oldest!.digest,
      at,
      after: history[0]!.id,
      answer: { repository: 'acme/mnist-mlp', workflow: 'rollback.yml', ref: 'main', runsUrl: RUN_URL },
    };
    sessionStorage.setItem('modelpier.started/component:default/mnist-mlp', JSON.stringify([started]));
  };
  const recorded = (startedAt: string): typeof withHistory => {
    const release: Release = {
      ...history[2]!,
      id: '20260304t120000-77aa',
      startedAt,
      verdict: 'in-progress',
      rolledBackFrom: { id: history[0]!.id, version: history[0]!.version },
    };
    return { ...withHistory, releases: { ...withHistory.releases, items: [release, ...history] } };
  };

  it.each([
    ['its run has just begun', minutesAgo(9), withHistory],
    ['its release has just begun', minutesAgo(60), recorded(minutesAgo(9))],
  ])('has the sources collected in haste while %s', async (_, at, page) => {
    remember(at);
    const { backend } = start(page);
    await waitFor(() => expect(backend.asked).toContain(REFRESHES), PATIENTLY);
    const refused = await button(`Roll back ${staging}`);
    await waitFor(() => expect(refused).toHaveAccessibleDescription(/under way in staging/));
  });

  it.each([
    ['its run never recorded a release', minutesAgo(11), withHistory],
    ['its release never ended', minutesAgo(60), recorded(minutesAgo(11))],
  ])('is waited for no longer where %s', async (_, at, page) => {
    remember(at);
    const { backend } = start(page);
    const opener = await button(`Roll back ${staging}`);
    await waitFor(() => expect(opener).not.toHaveAttribute('aria-disabled'));
    expect(screen.getByRole('region', { name: /^Rollback of staging/ })).toBeVisible();
    expect(backend.asked).not.toContain(REFRESHES);
  });
});

it('promotes by digest to the environment that was chosen, and not to where it runs', async () => {
  const { user, backend } = start(withHistory, 'versions');
  await user.click(await button('Show details of 1.2.0'));
  await user.click(await button('Promote 1.2.0'));
  const dialog = within(await screen.findByRole('dialog', { name: 'Promote 1.2.0' }));
  await user.click(await dialog.findByRole('radio', { name: staging }));
  expect(await dialog.findByText('staging runs 1.2.0 already.')).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Promote to staging' })).toBeDisabled();
  await user.click(dialog.getByRole('radio', { name: 'production' }));
  await user.click(await dialog.findByRole('button', { name: 'Promote to production' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(backend.sent).toEqual([
    {
      path: '/v1/models/default/component/mnist-mlp/promote',
      body: { environment: 'production', digest: newest!.digest, requestId: expect.any(String) as string },
    },
  ]);
});

it('promotes to an environment that nothing was released into yet, by a name that is one', async () => {
  const { user } = start(withHistory, `versions?promote=${newest!.digest}`);
  const dialog = within(await screen.findByRole('dialog', { name: 'Promote 1.2.0' }));
  await user.click(await dialog.findByRole('radio', { name: 'Another environment' }));
  await user.type(dialog.getByRole('textbox', { name: 'Name of the environment' }), 'eu west');
  expect(dialog.getByRole('button', { name: 'Promote' })).toBeDisabled();
  await user.clear(dialog.getByRole('textbox', { name: 'Name of the environment' }));
  await user.type(dialog.getByRole('textbox', { name: 'Name of the environment' }), 'canary');
  expect(await dialog.findByText(/Nothing of this model runs in canary/)).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Promote to canary' })).toBeEnabled();
});

it.each([
  [
    'you may not',
    { workflow: null, reason: 'denied', isDenied: true },
    /lack the permission modelpier\.release\.rollback/,
  ],
  [
    'nothing is set up',
    { workflow: null, reason: 'no annotation', hint: 'name it' },
    /no annotation\. What to do: name it\./,
  ],
  ['the backend is older', undefined, /starts no workflows yet/],
])('says on the button why it cannot be pressed: %s', async (_, rollback, reason) => {
  const model = { ...fixture.model, ways: rollback && { ...WAYS, rollback } };
  const { user } = start({ ...withHistory, model });
  const refused = await button(`Roll back ${staging}`);
  await waitFor(() => expect(refused).toHaveAccessibleDescription(reason));
  expect(refused).toHaveAttribute('aria-disabled', 'true');
  await user.click(refused);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

it('says where there is nothing to go back to', async () => {
  const items = history.slice(0, 1);
  start({ ...withHistory, releases: { ...withHistory.releases, items } });
  const refused = await button(`Roll back ${staging}`);
  await waitFor(() =>
    expect(refused).toHaveAccessibleDescription(/No other healthy release of staging is kept/),
  );
});

it('does not say that nothing runs while a cluster was never read', async () => {
  const { sources } = fixture.deployments;
  const unread = sources.map(source => ({ ...source, state: 'pending' as const, observedAt: null }));
  const nothing = { items: [], nextCursor: null, total: 0, sources: unread };
  const page = { ...fixture, deployments: nothing, releases: nothing, versions: nothing };
  start(page);
  expect(await screen.findAllByText('Not known yet')).toHaveLength(2);
  expect(screen.queryByText('Not deployed')).not.toBeInTheDocument();
  cleanup();
  start(page, 'versions');
  expect(await screen.findByText('Not known yet')).toBeVisible();
});

it('says that metrics are the same where they are, and not that there are none', async () => {
  const diffs = fixture.diffs.map(diff => ({ ...diff, metrics: [] }));
  const { user } = start({ ...withHistory, diffs });
  const dialog = await openRollback(user);
  // Its metrics and its proofs.
  expect(await dialog.findAllByText('Nothing differs.')).toHaveLength(2);
  expect(dialog.queryByText(/Neither version came with metrics/)).not.toBeInTheDocument();
});

it('keeps the focus on a button while it learns that it can be pressed', async () => {
  const { user } = start();
  const opener = await button(`Roll back ${staging}`);
  opener.focus();
  await waitFor(() => expect(opener).not.toHaveAttribute('aria-disabled'));
  expect(opener).toHaveFocus();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'Roll back staging' })).toBeVisible();
});
