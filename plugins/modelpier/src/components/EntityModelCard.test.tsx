import { screen } from '@testing-library/react';
import { modelFixture } from '../../dev/fixtures';
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
