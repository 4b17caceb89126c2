import { type AllocationScope } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { drawnAmount } from '../../figures/drawn-amount';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { type Column, DataTable } from '../ui/DataTable';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';

type Quota = NonNullable<AllocationScope['quotas']>[number];

export interface QuotaTableProps {
  readonly scope: string;
  readonly quotas: readonly Quota[];
}

/** What the namespace may take, and how much of it all its pods have taken. */
export function QuotaTable({ scope, quotas }: QuotaTableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns = useMemo(() => columnsOf(t, figures), [t, figures]);
  return (
    <DataTable
      label={t('resources.quotaLabel', { scope })}
      columns={columns}
      rows={quotas}
      rowKey={({ quota, item }) => `${quota}/${item}`}
    />
  );
}

const columnsOf = (t: Translate, figures: Figures): readonly Column<Quota>[] => [
  {
    id: 'item',
    label: t('resources.quotaItem'),
    cell: ({ item }) => <code className={text['code']}>{item}</code>,
  },
  { id: 'quota', label: t('resources.quota'), cell: ({ quota }) => quota },
  {
    id: 'used',
    label: t('resources.quotaUsed'),
    cell: quota => <QuotaUsed quota={quota} figures={figures} />,
  },
];

function QuotaUsed({
  quota: { item, resource, hard, used },
  figures,
}: {
  readonly quota: Quota;
  readonly figures: Figures;
}) {
  const { t } = useTranslation();
  const limit = figures.amount(resource, hard);
  if (used === null) return <Note>{t('resources.quotaUnused', { limit })}</Note>;
  const most = drawnAmount(hard);
  const ratio = most === 0 ? null : drawnAmount(used) / most;
  const words = t('resources.quotaText', { used: figures.amount(resource, used), limit });
  return (
    <>
      <span className={text['nowrap']}>{words}</span>
      {ratio === null ? null : <Meter label={item} text={words} ratio={ratio} />}
    </>
  );
}
