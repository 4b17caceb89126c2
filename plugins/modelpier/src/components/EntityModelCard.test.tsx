import { screen } from '@testing-library/react';
import { emptyFixture, modelFixture } from '../../dev/fixtures';
import { renderModelPage } from '../../dev/model-page';

const now = new Date();

it('shows the newest version and how it stands in each place', async () => {
  renderModelPage({ fixture: modelFixture({ now }), show: 'card' });
  expect(await screen.findByText('production')).toBeVisible();
  expect(screen.getAllByText('1.2.0')).toHaveLength(2);
  expect(screen.getByText('3 / 3')).toBeVisible();
  expect(screen.getAllByText('Healthy')).toHaveLength(3);
});

it('shows a banner for a dead source and keeps the rest', async () => {
  renderModelPage({ fixture: modelFixture({ now, trouble: true }), show: 'card' });
  expect(await screen.findByText('Cluster offshore cannot be reached')).toBeVisible();
  expect(screen.getByText('edge')).toBeVisible();
});

it('says what there is not where nothing was pushed yet', async () => {
  renderModelPage({ fixture: emptyFixture({ now }), show: 'card' });
  expect(await screen.findByText('No version yet')).toBeVisible();
  expect(screen.getByText('Runs nowhere')).toBeVisible();
});

it('says who can give the right to read it', async () => {
  const backend = renderModelPage({ fixture: modelFixture({ now }), show: 'card' });
  backend.refusal = { status: 403, title: 'Forbidden' };
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Forbidden');
  expect(alert).toHaveTextContent('Ask the portal team for permission to read this model.');
});
