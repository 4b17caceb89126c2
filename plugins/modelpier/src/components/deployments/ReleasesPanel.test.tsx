import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { emptyFixture, modelFixture } from '../../../dev/fixtures';
import { renderModelPage } from '../../../dev/model-page';

const fixture = modelFixture({ now: new Date() });
const page = fixture.releases!;
const [healthy, wentBack] = page.items;

const entries = async () =>
  within(await screen.findByRole('list', { name: /^Releases of/ })).findAllByRole('listitem');
const withReleases = (items: typeof page.items) => ({
  ...fixture,
  releases: { ...page, items, total: items.length },
});

it('tells each release with its verdict, place, duration, actor and run', async () => {
  renderModelPage({ fixture, tab: 'deployments' });
  const [first] = await entries();
  for (const told of ['1.2.0', 'Healthy', '38 min ago', 'took 41 s', 'by mira', '9f2c41d'])
    expect(within(first!).getByText(told)).toBeVisible();
  expect(within(first!).getByText('staging')).toHaveAttribute('title', 'harbor / apps-staging');
  expect(within(first!).getByRole('link', { name: /Run/ })).toHaveAttribute('href', healthy!.runUrl);
  expect(within(first!).getByText('can be gone back to')).toBeVisible();
  expect(screen.getByText('3 releases')).toBeVisible();
});

it('tells why a release failed, what would mend it, and where it went back to', async () => {
  renderModelPage({ fixture, tab: 'deployments' });
  const [, failed] = await entries();
  expect(within(failed!).getByText('Failed, rolled back')).toBeVisible();
  expect(within(failed!).getByText(/killed at its memory limit/)).toBeVisible();
  expect(within(failed!).getByText(/set resources.limits.memory to 512Mi/)).toBeVisible();
  expect(within(failed!).getByText('It went back to 1.1.0 by itself.')).toBeVisible();
  expect(within(failed!).queryByText('can be gone back to')).not.toBeInTheDocument();
});

it('tells a rollback that was asked for from one that was not', async () => {
  renderModelPage({ fixture, tab: 'deployments' });
  const [, , asked] = await entries();
  expect(asked).toHaveTextContent('A rollback that was asked for, away from 1.2.0-rc.1.');
  expect(asked).not.toHaveTextContent('by itself');
});

it('says plainly that the rollback failed too', async () => {
  renderModelPage({
    fixture: withReleases([{ ...wentBack!, verdict: 'rollback-failed' }]),
    tab: 'deployments',
  });
  const [failed] = await entries();
  expect(failed).toHaveTextContent('Failed, and so did its rollback');
  expect(failed).toHaveTextContent('Going back to 1.1.0 failed as well.');
});

it('tells of no duration while a release is in progress', async () => {
  renderModelPage({
    fixture: withReleases([{ ...healthy!, verdict: 'in-progress', finishedAt: null, canReturn: false }]),
    tab: 'deployments',
  });
  const [moving] = await entries();
  expect(moving).toHaveTextContent('In progress');
  expect(moving).not.toHaveTextContent('took');
});

it('makes no link of an address that is none', async () => {
  renderModelPage({
    fixture: withReleases([{ ...healthy!, runUrl: 'javascript:alert(1)' }]),
    tab: 'deployments',
  });
  const [first] = await entries();
  expect(within(first!).queryByRole('link')).not.toBeInTheDocument();
});

it('shows older releases on demand', async () => {
  const user = userEvent.setup();
  const releases = { ...page, items: page.items.slice(0, 1), nextCursor: 'older' };
  const olderReleases = { ...page, items: page.items.slice(1) };
  renderModelPage({ fixture: { ...fixture, releases, olderReleases }, tab: 'deployments' });
  expect(await entries()).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: 'Show older releases' }));
  expect(await screen.findByText('Failed, rolled back')).toBeVisible();
  expect(await entries()).toHaveLength(3);
});

it('says what to do where no release was recorded', async () => {
  renderModelPage({ fixture: emptyFixture({ now: new Date() }), tab: 'deployments' });
  expect(await screen.findByText('No release was recorded')).toBeVisible();
});

it('keeps the deployments where the backend does not know of releases yet', async () => {
  renderModelPage({ fixture: { ...fixture, releases: undefined }, tab: 'deployments' });
  expect(await screen.findByText(/does not tell of releases yet/)).toBeVisible();
  expect(await screen.findByRole('rowheader', { name: 'production' })).toBeVisible();
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});
