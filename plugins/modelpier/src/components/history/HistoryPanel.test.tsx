import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { emptyFixture, modelFixture } from '../../../dev/fixtures';
import { renderModelPage } from '../../../dev/model-page';

const now = new Date('2026-09-01T12:30:00Z');
const healthy = modelFixture({ now });

it('draws each resource with a text that says the same', async () => {
  renderModelPage({ fixture: healthy, tab: 'resources' });
  const cpu = await screen.findByRole('img', { name: /^CPU over time/ });
  expect(cpu).toHaveAccessibleName(
    'CPU over time. Now used: 1.364 CPU; the most in this time: 3.348 CPU; requested: 6.4 CPU.',
  );
  expect(screen.getByRole('img', { name: /^memory over time.*requested: 16.5 GiB/ })).toBeVisible();
  expect(screen.getByRole('img', { name: /^Replicas.*4 of 4; the fewest in this time: 1/ })).toBeVisible();
});

it('leaves gaps where nothing was read or measured', async () => {
  renderModelPage({ fixture: healthy, tab: 'resources' });
  const cpu = await screen.findByRole('img', { name: /^CPU over time/ });
  const runs = [...cpu.querySelectorAll('path')].map(path => path.getAttribute('d')?.match(/M/g)?.length);
  // Two gaps in what was read; one more in what was measured.
  expect(runs).toContain(3);
  expect(runs).toContain(4);
});

it('tells the same as a table on demand, and never 0 for what was not measured', async () => {
  const user = userEvent.setup();
  renderModelPage({ fixture: healthy, tab: 'resources' });
  await user.click(await screen.findByRole('button', { name: 'As a table' }));
  const table = screen.getByRole('table', { name: 'Over time' });
  expect(within(table).getAllByRole('row')).toHaveLength(1 + 7 * 24 - 6);
  expect(within(table).getAllByText('metrics not available')).toHaveLength(6);
  expect(within(table).getByText('4 of 4 ready, 1 at the fewest')).toBeVisible();
  // 1.364 CPU on the mean, as the chart has it; memory has no percentile here.
  expect(
    within(table).getAllByText('1.364 CPU, 95 % of readings at most 1.705 CPU, all at most 1.841 CPU')[0],
  ).toBeVisible();
  expect(within(table).getAllByText(/^[\d.]+ GiB, at most [\d.]+ GiB$/)[0]).toBeVisible();
});

it('asks for the range that the reader chose, by keyboard too', async () => {
  const user = userEvent.setup();
  const backend = renderModelPage({ fixture: healthy, tab: 'resources' });
  const week = await screen.findByRole('radio', { name: '7 days' });
  expect(week).toBeChecked();
  week.focus();
  await user.keyboard('{ArrowRight}');
  expect(screen.getByRole('radio', { name: '30 days' })).toBeChecked();
  expect(backend.asked).toContain('GET /v1/models/default/component/mnist-mlp/history?range=month');
});

it('is read again when the reader refreshes', async () => {
  const user = userEvent.setup();
  const backend = renderModelPage({ fixture: healthy, tab: 'resources' });
  await screen.findByRole('img', { name: /^CPU over time/ });
  backend.fixture = emptyFixture({ now });
  await user.click(screen.getByRole('button', { name: 'Refresh' }));
  expect(await screen.findByText(/^Nothing was read in this time/)).toBeVisible();
});

it('keeps the allocation where the history cannot be read', async () => {
  renderModelPage({ fixture: healthy, tab: 'resources?range=year' });
  expect(await screen.findByRole('alert')).toHaveTextContent('This could not be read');
  expect(screen.getByRole('table', { name: 'Allocation in Cluster harbor' })).toBeVisible();
});

it('says so where nothing was read yet', async () => {
  renderModelPage({ fixture: emptyFixture({ now }), tab: 'resources' });
  expect(await screen.findByText(/^Nothing was read in this time/)).toBeVisible();
});
