import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fleetFixture } from '../../../dev/fleet';
import { renderFleetPage } from '../../../dev/fleet-page';
import { momentsBefore, troubledSources } from '../../../dev/world';
import { deFleet } from '../../translations/de-fleet';

const now = new Date();
const fixture = fleetFixture({ now, models: 450 });
// By its text: roles of hundreds of cells take jsdom long.
const rowOf = async (name: string) =>
  (await screen.findByText(name)).closest('tr') ?? document.createElement('tr');

beforeEach(() => window.localStorage.clear());

const shownNames = () => screen.getAllByRole('rowheader').map(header => header.textContent?.slice(0, 10));

it('shows each model with its owner, version, places, health and figures', async () => {
  renderFleetPage({ fixture });
  const row = await rowOf('model-0001');
  for (const told of [
    'search',
    '1.2.0',
    'staging',
    'Failed',
    'Drift',
    '2 / 3',
    '1.5 CPU',
    '50 %',
    'of 3 CPU',
  ]) {
    expect(within(row).getByText(told)).toBeVisible();
  }
  const link = within(row).getByRole('link', { name: 'model-0001' });
  expect(link).toHaveAttribute('href', '/catalog/default/component/model-0001/model');
});

it('asks three questions, and draws no more rows than can be seen', async () => {
  const backend = renderFleetPage({ fixture });
  await rowOf('model-0001');
  expect(backend.asked.map(each => each.split('?')[0])).toEqual([
    'GET /v1/models',
    'GET /v1/fleet/allocation',
    'GET /v1/fleet/reuse',
  ]);
  expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '451');
  expect(screen.getAllByRole('row').length).toBeLessThan(50);
});

it('works R = T / N and R of reuse out in numbers', async () => {
  renderFleetPage({ fixture });
  expect(await screen.findByText('R = T / N = 18 CPU / 16 containers')).toBeVisible();
  expect(screen.getByText('9 CPU requested: 66.7 % of 12 × R')).toBeVisible();
  expect(await screen.findByText(/^R = 1 − .+ \/ .+$/)).toBeVisible();
});

it('opens the fair share cluster by cluster, the fullest first', async () => {
  renderFleetPage({ fixture });
  await userEvent.click(await screen.findByRole('button', { name: 'Fair share R of CPU, all clusters' }));
  const table = screen.getByRole('table', { name: 'Fair share by cluster, the fullest first' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map(row => row.textContent)).toEqual([
    expect.stringMatching(/^offshore6 CPU \/ 8 = 0.75 CPU.*75 % of 6 CPU/),
    expect.stringMatching(/^harbor12 CPU \/ 8 = 1.5 CPU.*37.5 % of 12 CPU/),
  ]);
});

it('sorts all rows in the backend', async () => {
  const backend = renderFleetPage({ fixture });
  await rowOf('model-0000');
  await userEvent.click(screen.getByRole('button', { name: 'Model' }));
  await rowOf('model-0449');
  expect(shownNames()[0]).toBe('model-0449');
  expect(screen.getByRole('columnheader', { name: 'Model' })).toHaveAttribute('aria-sort', 'descending');
  expect(backend.asked.at(-1)).toContain('sort=-name');
});

it('narrows the list to the models of one health, and back again', async () => {
  renderFleetPage({ fixture });
  const failed = await screen.findByRole('button', { name: 'Failed 45' });
  await userEvent.click(failed);
  await waitFor(() => expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '46'));
  expect(screen.getByRole('button', { name: 'Failed 45' })).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(screen.getByRole('button', { name: 'Failed 45' }));
  await waitFor(() => expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '451'));
});

it('finds models by a part of their name', async () => {
  const backend = renderFleetPage({ fixture });
  await rowOf('model-0000');
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find a model' }), '0123');
  await rowOf('model-0123');
  await waitFor(() => expect(shownNames()).toEqual(['model-0123']));
  expect(backend.asked.at(-1)).toContain('filter=0123&');
});

it('shows memory in place of CPU, and stays sorted by what is shown', async () => {
  const backend = renderFleetPage({ fixture, query: 'sort=-cpuShare' });
  await rowOf('model-0001');
  await userEvent.click(screen.getByRole('radio', { name: 'Memory' }));
  expect(await screen.findAllByText('of 2 GiB')).not.toHaveLength(0);
  await waitFor(() => expect(backend.asked.at(-1)).toContain('sort=-memoryShare'));
});

it('takes what the address asks for, and passes over what it cannot ask for', async () => {
  const backend = renderFleetPage({
    fixture,
    query: 'filter=model-00&owner=group:default/search&health=Sad&sort=colour&resource=memory',
  });
  await rowOf('model-0001');
  expect(backend.asked[0]).toBe(
    `GET /v1/models?filter=model-00&owner=${encodeURIComponent('group:default/search')}&limit=100&totals=true&choices=true`,
  );
  expect(screen.getByRole('radio', { name: 'Memory' })).toBeChecked();
});

it('says what to do where no model fits, and where there is none', async () => {
  renderFleetPage({ fixture, query: 'filter=nothing' });
  expect(await screen.findByText('No model fits')).toBeVisible();
});

it('says how models come to be where there is none', async () => {
  renderFleetPage({ fixture: fleetFixture({ now, models: 0 }) });
  expect(await screen.findByText('No models yet')).toBeVisible();
});

it('keeps the rows of a cluster that does not answer, and says so', async () => {
  const sources = troubledSources(momentsBefore(now));
  renderFleetPage({ fixture: fleetFixture({ now, models: 3, sources }) });
  await rowOf('model-0001');
  expect(screen.getByText('Cluster offshore cannot be reached')).toBeVisible();
});

it('says why it may not show the fleet', async () => {
  const refusal = { status: 403, title: 'Forbidden', hint: 'Ask the portal team.' };
  renderFleetPage({ fixture, refusal });
  expect(await screen.findByText('Ask the portal team.')).toBeVisible();
  expect(screen.queryByRole('table')).toBeNull();
});

it('saves all models that fit, also those that were never shown', async () => {
  const saved: Blob[] = [];
  // What jsdom lacks.
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => `blob:${saved.push(blob)}`,
    revokeObjectURL: () => {},
  });
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  renderFleetPage({ fixture, query: 'owner=group:default/search' });
  await rowOf('model-0001');
  await userEvent.click(screen.getByRole('button', { name: 'CSV' }));
  await waitFor(() => expect(saved).toHaveLength(1));
  // Of 450 models every other; the head, and what follows the last line end.
  expect(saved[0]?.type).toContain('text/csv');
  expect((await saved[0]?.text())?.split('\r\n')).toHaveLength(225 + 2);
});

it('speaks German', async () => {
  renderFleetPage({ fixture, language: 'de' });
  expect(await screen.findByRole('button', { name: deFleet['fleet.share'] })).toBeVisible();
  expect(within(await rowOf('model-0001')).getByText('1,5 CPU')).toBeVisible();
});
