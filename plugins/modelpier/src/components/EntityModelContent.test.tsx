import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { emptyFixture, modelFixture } from '../../dev/fixtures';
import { modelEntity, renderModelPage } from '../../dev/model-page';

const now = new Date();
const healthy = modelFixture({ now });
const troubled = modelFixture({ now, trouble: true });

const rowOf = async (name: string) =>
  (await screen.findByRole('rowheader', { name: new RegExp(`^${name}`) })).closest('tr')!;

describe('the overview', () => {
  it('shows the newest version, where it runs, its allocation and its reuse', async () => {
    renderModelPage({ fixture: healthy });
    const newest = await screen.findByRole('region', { name: 'Newest version' });
    expect(await within(newest).findByText('1.2.0')).toBeVisible();
    expect(within(newest).getByText('440 MB, 412 kB of it new')).toBeVisible();
    const running = screen.getByRole('region', { name: 'Running' });
    expect(within(running).getByText('6 of 6 replicas ready')).toBeVisible();
    const share = screen.getByRole('region', { name: 'Requested of the fair share' });
    expect(within(share).getByText('81.6 %')).toBeVisible();
    expect(within(share).getByText('6.4 CPU of 7.84 CPU')).toBeVisible();
    expect(within(share).getByText('16.5 GiB of 26 GiB')).toBeVisible();
    const reuse = screen.getByRole('region', { name: 'Reused bytes' });
    expect(within(reuse).getByText('99.9 %')).toBeVisible();
  });

  it('asks no more than two questions for it', async () => {
    const backend = renderModelPage({ fixture: healthy });
    await screen.findByRole('table', { name: 'Inputs and outputs of 1.2.0' });
    expect(backend.asked).toHaveLength(2);
  });

  it('says how to call the model, with requests that hold its inputs', async () => {
    const user = userEvent.setup();
    const writeText = jest.spyOn(navigator.clipboard, 'writeText');
    renderModelPage({ fixture: healthy });
    const signature = await screen.findByRole('table', { name: 'Inputs and outputs of 1.2.0' });
    expect(within(signature).getByText('[-1, 784]')).toBeVisible();
    expect(screen.getByText(/"data": \[0\.0\] \* 784.*--json @-/s)).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'JSON' }));
    expect(screen.getByText(/0\.0, … 784 values in all\]/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy: JSON' }));
    const copied = JSON.parse(writeText.mock.calls[0]?.[0] ?? '') as { inputs: [{ data: number[] }] };
    expect(copied.inputs[0].data).toHaveLength(784);
  });

  it('says how to declare inputs that the image does not name', async () => {
    const silent = { ...healthy.details[0]!, call: undefined };
    renderModelPage({ fixture: { ...healthy, details: [silent] } });
    expect(await screen.findByText(/does not say in full which inputs/)).toBeVisible();
    expect(screen.getByText(/signature:/)).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'curl' })).not.toBeInTheDocument();
  });

  it('says how to reach a place where the model is ready', async () => {
    renderModelPage({ fixture: healthy });
    expect(await screen.findByText('POST /v2/models/mnist-mlp/infer')).toBeVisible();
    expect(
      screen.getByText('kubectl --namespace apps-staging port-forward deployment/mnist-mlp 8080'),
    ).toBeVisible();
  });

  it('names the annotations that the portal does not follow, and the repositories read in part', async () => {
    const { model, sources } = healthy.model;
    const problem = 'ghcr.io/acme/other: the portal does not know the registry ghcr.io';
    const partial = { ...sources[0]!, message: '1 version could not be read, such as 0.9.0' };
    const fixture = { ...healthy, model: { model: { ...model, problems: [problem] }, sources: [partial] } };
    renderModelPage({ fixture });
    expect(await screen.findByText(problem)).toBeVisible();
    expect(screen.getByText('Registry 127.0.0.1:5000 was read in part')).toBeVisible();
    expect(screen.getByText(partial.message)).toBeVisible();
  });

  it('says what to do where nothing was pushed yet', async () => {
    renderModelPage({ fixture: emptyFixture({ now }) });
    expect(await screen.findByText('No version yet')).toBeVisible();
    expect(screen.getByText(/Run the Modelpier action/)).toBeVisible();
    expect(screen.queryByRole('region', { name: 'How to call it' })).not.toBeInTheDocument();
  });
});

describe('the versions', () => {
  it('shows each with its new bytes, its reuse, its commit and where it runs', async () => {
    renderModelPage({ fixture: healthy, tab: 'versions' });
    const row = await rowOf('1.1.0');
    expect(within(row).getByText('8.19 kB new')).toBeVisible();
    expect(within(row).getByRole('meter', { name: 'Reused' })).toHaveAttribute(
      'aria-valuetext',
      '99.9 % of 440 MB reused',
    );
    expect(within(row).getByRole('link', { name: /41aa70e/ })).toHaveAttribute(
      'href',
      'https://github.com/acme/mnist-mlp/commit/41aa70e5d3c2b1a0f9e8d7c6b5a4938271605f4e',
    );
    expect(within(row).getByText('production')).toHaveAttribute('title', 'harbor / apps');
  });

  it('shows older versions on demand, and keeps them over a refresh', async () => {
    const user = userEvent.setup();
    const { items, ...rest } = healthy.versions;
    const versions = { ...rest, items: items.slice(0, 1), nextCursor: 'older' };
    const olderVersions = { ...rest, items: items.slice(1), nextCursor: null };
    renderModelPage({ fixture: { ...healthy, versions, olderVersions }, tab: 'versions' });
    await rowOf('1.2.0');
    expect(screen.queryByRole('rowheader', { name: /^1.0.0/ })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Show older versions' }));
    expect(await rowOf('1.0.0')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show older versions' })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await rowOf('1.0.0')).toBeVisible();
  });

  it('copies the whole digest', async () => {
    const user = userEvent.setup();
    const writeText = jest.spyOn(navigator.clipboard, 'writeText');
    renderModelPage({ fixture: healthy, tab: 'versions' });
    const row = await rowOf('1.2.0');
    await user.click(within(row).getByRole('button', { name: /Copy digest/ }));
    expect(writeText).toHaveBeenCalledWith(healthy.versions.items[0]!.digest);
    expect(within(row).getByText('Copied')).toBeInTheDocument();
  });

  it('says what to do where there are none', async () => {
    renderModelPage({ fixture: emptyFixture({ now }), tab: 'versions' });
    expect(await screen.findByText('No versions found')).toBeVisible();
    expect(screen.getByText(/check the annotation/)).toBeVisible();
  });
});

describe('the deployments', () => {
  it('names what fails in the words of the action, and shows drift', async () => {
    renderModelPage({ fixture: troubled, tab: 'deployments' });
    const row = await rowOf('production');
    expect(within(row).getByText('Failed')).toBeVisible();
    expect(within(row).getByText(/killed at its memory limit/)).toBeVisible();
    expect(within(row).getByText('Drift')).toBeVisible();
    expect(within(row).getByText('2 / 3')).toBeVisible();
  });

  it('shows the first lines of a long message, and the rest on demand', async () => {
    const user = userEvent.setup();
    const message = `container model: ${'the model file cannot be read; '.repeat(20)}`;
    const [item] = troubled.deployments.items.filter(({ status }) => status.state === 'Failed');
    const items = [{ ...item!, pods: [], status: { ...item!.status, message } }];
    renderModelPage({ fixture: { ...troubled, deployments: { items, sources: [] } }, tab: 'deployments' });
    const more = await screen.findByRole('button', { name: 'Show all' });
    expect(more).toHaveAttribute('aria-expanded', 'false');
    await user.click(more);
    expect(screen.getByRole('button', { name: 'Show less' })).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText(message.trim())).toBeVisible();
  });

  it('keeps opened pods open over a refresh', async () => {
    const user = userEvent.setup();
    const backend = renderModelPage({ fixture: healthy, tab: 'deployments' });
    await user.click(await screen.findByRole('button', { name: 'Show 3 pods of mnist-mlp' }));
    expect(screen.getByRole('table', { name: 'Pods of mnist-mlp' })).toBeVisible();
    backend.fixture = troubled;
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText('Cluster offshore cannot be reached')).toBeVisible();
    expect(screen.getByRole('table', { name: 'Pods of mnist-mlp' })).toBeVisible();
    expect(backend.asked).toContain('POST /v1/models/default/component/mnist-mlp/refresh');
  });

  it('shows a banner for a dead cluster and keeps its rows', async () => {
    renderModelPage({ fixture: troubled, tab: 'deployments' });
    expect(await screen.findByText('Cluster offshore cannot be reached')).toBeVisible();
    expect(screen.getByText('What you see of it was read 26 min ago.')).toBeVisible();
    expect(within(await rowOf('edge')).getByText('offshore')).toBeVisible();
  });
});

describe('the resources', () => {
  it('say how they were counted where that is not as usual', async () => {
    const [first, ...others] = healthy.allocation.scopes;
    const [cpu, ...rest] = first!.resources;
    const counted = {
      ...first!,
      basis: 'max' as const,
      minusSystem: true,
      resources: [{ ...cpu!, allocated: '7' }, ...rest],
    };
    const allocation = { ...healthy.allocation, scopes: [counted, ...others] };
    renderModelPage({ fixture: { ...healthy, allocation }, tab: 'resources' });
    expect(await screen.findByText('counted: 7 CPU')).toBeVisible();
    expect(screen.getAllByText(/^Of each pod the larger of request and use/)).toHaveLength(1);
    expect(screen.getAllByText(/^T is without what the system’s pods request/)).toHaveLength(1);
  });

  it('writes R = T / N out with its numbers and every share with what it is a part of', async () => {
    renderModelPage({ fixture: healthy, tab: 'resources' });
    const row = await rowOf('CPU');
    expect(within(row).getByText('11.76 CPU / 12 = 0.98 CPU')).toBeVisible();
    expect(within(row).getByText('81.6 % of 8 × 0.98 CPU')).toBeVisible();
    expect(within(row).getByText('54.4 % of all 11.76 CPU')).toBeVisible();
    expect(within(row).getByRole('img')).toHaveAccessibleName(
      'R = T / N: 11.76 CPU / 12 = 0.98 CPU. This model has 8 of the containers, requests 6.4 CPU and uses 2.31 CPU.',
    );
    expect(within(await rowOf('memory')).getByText('39 GiB / 12 = 3.25 GiB')).toBeVisible();
    expect(screen.getByText(/Dominant share: 54.4 % of all CPU/)).toBeVisible();
  });

  it('tells what the namespace may take, with what it is a part of', async () => {
    renderModelPage({ fixture: healthy, tab: 'resources' });
    expect(within(await rowOf('requests.cpu')).getByText('6.4 CPU of 8 CPU')).toBeVisible();
    expect(within(await rowOf('pods')).getByText('4 pods of 20 pods')).toBeVisible();
  });

  it('sets each container against R, with its request, limit and use', async () => {
    renderModelPage({ fixture: healthy, tab: 'resources' });
    expect(await screen.findByRole('img', { name: /^1.53x R/ })).toHaveAccessibleName(
      '1.53x R of 0.98 CPU; requested: 1.5 CPU; limit: 2 CPU; used: 0.56 CPU.',
    );
    const table = screen.getByRole('table', { name: 'Containers in Cluster harbor' });
    expect(within(table).getByRole('columnheader', { name: 'p95, 7 days' })).toBeVisible();
    expect(within(table).getByText('0.912 CPU')).toBeVisible();
  });

  it('tells the settings of a container apart while a rollout changes them', async () => {
    const [scope] = healthy.allocation.scopes;
    const server = scope!.containers[0]!;
    const containers = [server, { ...server, instances: 1 }];
    const complained = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    renderModelPage({
      fixture: { ...healthy, allocation: { ...healthy.allocation, scopes: [{ ...scope!, containers }] } },
      tab: 'resources',
    });
    expect(await screen.findAllByRole('rowheader', { name: /server$/ })).toHaveLength(4);
    expect(complained.mock.calls.filter(([message]) => String(message).includes('same key'))).toEqual([]);
    complained.mockRestore();
  });

  it('says that metrics are not available, and never 0', async () => {
    renderModelPage({ fixture: troubled, tab: 'resources' });
    const row = await rowOf('CPU');
    expect(within(row).getByText('metrics not available')).toBeVisible();
    expect(within(row).queryByText(/^0/)).not.toBeInTheDocument();
  });
});

describe('the reuse', () => {
  it('works the formula out in numbers and shows each layer, the top one first', async () => {
    renderModelPage({ fixture: healthy, tab: 'reuse' });
    expect(await screen.findByText('R = 1 − 412 kB / 440 MB = 99.9 %')).toBeVisible();
    expect(screen.getByRole('img', { name: /440 MB shared with the base image/ })).toBeVisible();
    const table = await screen.findByRole('table', { name: 'Layers of 1.2.0' });
    const kinds = (await within(table).findAllByRole('rowheader')).map(({ textContent }) => textContent);
    expect(kinds).toEqual(['Code', 'Weights', 'Base', 'Base', 'Base']);
    const weights = await rowOf('Weights');
    expect(within(weights).getByText('New')).toBeVisible();
    expect(within(weights).getByText('The content changed.')).toBeVisible();
    expect(within(weights).getByText('nobody')).toBeVisible();
    expect(within(await rowOf('Code')).getByText('1.1.0')).toBeVisible();
  });
});

describe('every tab', () => {
  it('says what failed and what to do, and leaves no blank page', async () => {
    const backend = renderModelPage({ fixture: healthy, tab: 'versions' });
    backend.refusal = { status: 403, title: 'Forbidden', detail: 'no permission', hint: 'Ask the owner.' };
    expect(await screen.findByRole('tab', { name: 'Versions' })).toBeVisible();
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('GET /v1/models/default/component/mnist-mlp/versions: no permission');
    expect(alert).toHaveTextContent('Ask the owner.');
  });

  it('keeps its rows when it cannot be updated', async () => {
    const user = userEvent.setup();
    const backend = renderModelPage({ fixture: healthy, tab: 'versions' });
    await rowOf('1.2.0');
    backend.refusal = { status: 502, title: 'Bad Gateway' };
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This could not be updated');
    expect(await rowOf('1.2.0')).toBeVisible();
  });

  it('can be chosen by keyboard and stands in the address', async () => {
    const user = userEvent.setup();
    renderModelPage({ fixture: healthy });
    const overview = await screen.findByRole('tab', { name: 'Overview' });
    expect(overview).toHaveAttribute('aria-selected', 'true');
    await user.click(screen.getByRole('tab', { name: 'Resources' }));
    expect(await screen.findByRole('table', { name: 'Allocation in Cluster harbor' })).toBeVisible();
    expect(screen.getByRole('tab', { name: 'Resources' })).toHaveAttribute('aria-selected', 'true');
  });
});

it('stays away from entities that name no image', async () => {
  const entity = { ...modelEntity, metadata: { name: 'website' } };
  renderModelPage({ fixture: healthy, entity });
  expect(await screen.findByTestId('empty-entity-page')).toBeInTheDocument();
});
