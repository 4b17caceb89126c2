import {
  type AllocatedResource,
  type ContainerAllocation,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { drawnAmount } from '../../figures/drawn-amount';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { type Column, DataTable } from '../ui/DataTable';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { AllocationBar } from './AllocationBar';
import classes from './ContainersTable.module.css';

export interface ContainersTableProps {
  readonly scope: string;
  readonly containers: readonly ContainerAllocation[];
  /** Of the scope: they tell R. */
  readonly resources: readonly AllocatedResource[];
}

interface Row {
  readonly container: ContainerAllocation;
  /** Which of the containers: while a rollout changes what one asks for, it stands there twice. */
  readonly at: number;
  readonly amounts: ContainerAllocation['resources'][number];
  /** Whether it is the container's first line, which names it. */
  readonly first: boolean;
  /** R. */
  readonly fairShare: string | null;
}

export function ContainersTable({ scope, containers, resources }: ContainersTableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns = useMemo(() => columnsOf(t, figures), [t, figures]);
  const shares = new Map(resources.map(({ resource, fairShare }) => [resource, fairShare]));
  const rows = containers.flatMap((container, at) =>
    container.resources.map((amounts, index): Row => ({
      container,
      at,
      amounts,
      first: index === 0,
      fairShare: shares.get(amounts.resource) ?? null,
    })),
  );
  return (
    <DataTable
      label={t('resources.containerLabel', { scope })}
      columns={columns}
      rows={rows}
      rowKey={({ at, container: { workload, container }, amounts }) =>
        [workload.namespace, workload.kind, workload.name, container, at, amounts.resource].join('/')
      }
    />
  );
}

const columnsOf = (t: Translate, figures: Figures): readonly Column<Row>[] => [
  { id: 'container', label: t('resources.container'), cell: row => <ContainerName row={row} /> },
  {
    id: 'instances',
    label: t('resources.instances'),
    numeric: true,
    cell: ({ container, first }) => (first ? container.instances : null),
  },
  {
    id: 'resource',
    label: t('resources.resource'),
    cell: ({ amounts }) => figures.resource(amounts.resource),
  },
  {
    id: 'request',
    label: t('resources.requested'),
    numeric: true,
    cell: ({ amounts: { resource, request } }) =>
      request === null ? <Note>{t('resources.noRequest')}</Note> : figures.amount(resource, request),
  },
  {
    id: 'limit',
    label: t('resources.limit'),
    numeric: true,
    cell: ({ amounts: { resource, limit } }) =>
      limit === null ? <Note>{t('resources.noLimit')}</Note> : figures.amount(resource, limit),
  },
  {
    id: 'used',
    label: t('resources.used'),
    numeric: true,
    cell: ({ amounts: { resource, used } }) =>
      used === null ? <Note>{t('resources.noMetrics')}</Note> : figures.amount(resource, used),
  },
  {
    id: 'usedP95',
    label: t('resources.usedP95'),
    numeric: true,
    cell: ({ amounts: { resource, usedP95 } }) =>
      usedP95 === undefined ? '–' : figures.amount(resource, usedP95),
  },
  { id: 'ofFairShare', label: t('resources.ofFairShare'), cell: row => <OfFairShare row={row} /> },
];

function ContainerName({ row: { container, first } }: { readonly row: Row }) {
  const name = `${container.workload.name} / ${container.container}`;
  return <span className={[classes['name'], first ? text['strong'] : text['note']].join(' ')}>{name}</span>;
}

/** What one container asks for, may use and uses, with R marked. */
function OfFairShare({ row: { amounts, fairShare } }: { readonly row: Row }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { resource, request, limit, used, ofFairShare } = amounts;
  if (fairShare === null) return <>–</>;
  const told = (amount: string | null, otherwise: string) =>
    amount === null ? otherwise : figures.amount(resource, amount);
  const share = told(fairShare, '');
  const words =
    ofFairShare === null
      ? t('resources.fairShareIs', { share })
      : t('resources.timesFairShare', { times: figures.times(ofFairShare), share });
  return (
    <>
      <AllocationBar
        text={t('resources.containerText', {
          words,
          request: told(request, t('resources.noRequest')),
          limit: told(limit, t('resources.noLimit')),
          used: told(used, t('resources.noMetrics')),
        })}
        end={Math.max(...[fairShare, request, limit, used].map(amount => drawn(amount) ?? 0)) || 1}
        requested={drawn(request)}
        used={drawn(used)}
        limit={drawn(limit)}
        mark={drawnAmount(fairShare)}
      />
      <Note>{words}</Note>
    </>
  );
}

const drawn = (amount: string | null): number | null => (amount === null ? null : drawnAmount(amount));
