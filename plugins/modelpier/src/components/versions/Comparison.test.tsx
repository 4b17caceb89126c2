import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { modelFixture } from '../../../dev/fixtures';
import { renderModelPage } from '../../../dev/model-page';

const fixture = modelFixture({ now: new Date() });
const [newest, middle] = fixture.versions.items;
const deepLink = `versions?compare=${middle!.digest}&compare=${newest!.digest}`;

const panel = () => screen.findByRole('region', { name: 'From 1.1.0 to 1.2.0' });
const rowOf = (table: HTMLElement, name: string) =>
  within(table).getByRole('rowheader', { name }).closest('tr')!;

it('compares the two versions that were picked, the older one first whatever the order', async () => {
  const user = userEvent.setup();
  const backend = renderModelPage({ fixture, tab: 'versions' });
  await user.click(await screen.findByRole('checkbox', { name: 'Compare 1.2.0' }));
  await user.click(screen.getByRole('checkbox', { name: 'Compare 1.1.0' }));
  expect(await panel()).toBeVisible();
  expect(screen.getByRole('checkbox', { name: 'Compare 1.0.0' })).toBeDisabled();
  const path = `versions/${encodeURIComponent(middle!.digest)}/diff/${encodeURIComponent(newest!.digest)}`;
  expect(backend.asked).toContain(`GET /v1/models/default/component/mnist-mlp/${path}`);
});

it('ends the comparison, so that others can be picked', async () => {
  const user = userEvent.setup();
  renderModelPage({ fixture, tab: deepLink });
  await user.click(within(await panel()).getByRole('button', { name: 'End comparison' }));
  expect(screen.queryByRole('region', { name: 'From 1.1.0 to 1.2.0' })).not.toBeInTheDocument();
  expect(screen.getByRole('checkbox', { name: 'Compare 1.0.0' })).toBeEnabled();
});

it('opens by its address, what breaks callers marked as that', async () => {
  renderModelPage({ fixture, tab: deepLink });
  const facts = await within(await panel()).findByRole('region', { name: 'Model' });
  const [breaking, harmless] = within(facts).getAllByRole('listitem');
  expect(breaking).toHaveTextContent('input mask is new');
  expect(within(breaking!).getByText('breaking')).toBeVisible();
  expect(within(harmless!).queryByText('breaking')).not.toBeInTheDocument();
  expect(await screen.findByRole('checkbox', { name: 'Compare 1.1.0' })).toBeChecked();
});

it('tells metrics, layers, files and configuration apart', async () => {
  renderModelPage({ fixture, tab: deepLink });
  const all = await panel();
  const metrics = await within(all).findByRole('table', { name: 'Metrics' });
  expect(within(rowOf(metrics, 'accuracy')).getByText('+0.0067')).toBeVisible();
  expect(within(rowOf(metrics, 'loss')).getAllByText('–')).toHaveLength(2);
  const layers = within(all).getByRole('table', { name: 'Layers' });
  const marks = within(layers).getAllByText(/^(same|added|removed)$/);
  expect(marks.map(({ textContent }) => textContent)).toEqual([
    ...['same', 'same', 'same', 'added', 'same'],
    'removed',
  ]);
  expect(within(all).getByText(/412 kB added, 410 kB removed/)).toBeVisible();
  expect(within(all).getByText(/this list may lack some/)).toBeVisible();
  const settings = within(all).getByRole('table', { name: 'Configuration' });
  expect(within(rowOf(settings, 'env MODEL_THREADS')).getByText('4')).toBeVisible();
  expect(within(rowOf(settings, 'env MODEL_TOKEN')).getAllByText(/its value is not shown/)).toHaveLength(2);
});

it('says what is not known, and never that nothing differs', async () => {
  const diffs = fixture.diffs.map(diff => ({ ...diff, facts: null, settings: null }));
  renderModelPage({ fixture: { ...fixture, diffs }, tab: deepLink });
  expect(await within(await panel()).findAllByText('Not known of one of them.')).toHaveLength(2);
  expect(screen.queryByText('Nothing differs.')).not.toBeInTheDocument();
});

it('says so where the address names a version that is not there', async () => {
  renderModelPage({ fixture, tab: `versions?compare=nonsense&compare=${newest!.digest}` });
  expect(await screen.findByRole('alert')).toHaveTextContent('This could not be read');
  expect(await screen.findByRole('checkbox', { name: 'Compare 1.2.0' })).toBeChecked();
});
