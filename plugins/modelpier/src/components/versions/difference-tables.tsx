import {
  type FileDifference,
  type LayerDifference,
  type MetricDifference,
  type SettingDifference,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { FileList } from '../reuse/FileList';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { DigestText } from '../ui/DigestText';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import classes from './comparison.module.css';

type Change = LayerDifference['change'] | FileDifference['change'];

const TONES = { same: 'outlined', added: 'new', changed: 'new', removed: 'warning' } as const;

function ChangeChip({ change }: { readonly change: Change }) {
  const { t } = useTranslation();
  return <Chip tone={TONES[change]}>{t(`comparison.change.${change}`)}</Chip>;
}

export function LayerDifferenceTable({ layers }: { readonly layers: readonly LayerDifference[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns = useMemo(() => layerColumns(t, figures), [t, figures]);
  return (
    <DataTable
      label={t('comparison.layers')}
      columns={columns}
      rows={layers}
      rowKey={({ change, digest }) => `${change} ${digest}`}
    />
  );
}

const layerColumns = (t: Translate, figures: Figures): readonly Column<LayerDifference>[] => [
  { id: 'kind', label: t('reuse.layer'), cell: ({ kind }) => t(`reuse.kind.${kind}`) },
  { id: 'change', label: t('comparison.difference'), cell: ({ change }) => <ChangeChip change={change} /> },
  { id: 'digest', label: t('versions.digest'), cell: ({ digest }) => <DigestText digest={digest} /> },
  {
    id: 'size',
    label: t('reuse.size'),
    numeric: true,
    cell: ({ sizeBytes }) => <span className={text['nowrap']}>{figures.bytes(sizeBytes)}</span>,
  },
  { id: 'files', label: t('reuse.files'), cell: ({ files }) => <FileList files={files} /> },
];

export function FileTable({ files }: { readonly files: readonly FileDifference[] }) {
  const { t } = useTranslation();
  const columns = useMemo(() => fileColumns(t), [t]);
  return (
    <DataTable
      label={t('comparison.files')}
      columns={columns}
      rows={files}
      rowKey={({ path, change }) => `${change} ${path}`}
    />
  );
}

const fileColumns = (t: Translate): readonly Column<FileDifference>[] => [
  {
    id: 'path',
    label: t('comparison.path'),
    cell: ({ path }) => <code className={classes['value']}>{path}</code>,
  },
  { id: 'change', label: t('comparison.difference'), cell: ({ change }) => <ChangeChip change={change} /> },
];

export function SettingTable({ settings }: { readonly settings: readonly SettingDifference[] }) {
  const { t } = useTranslation();
  const columns = useMemo(() => settingColumns(t), [t]);
  return (
    <DataTable
      label={t('comparison.settings')}
      columns={columns}
      rows={settings}
      rowKey={({ name }) => name}
    />
  );
}

const settingColumns = (t: Translate): readonly Column<SettingDifference>[] => [
  { id: 'name', label: t('comparison.name'), cell: ({ name }) => name },
  { id: 'change', label: t('comparison.difference'), cell: ({ change }) => <ChangeChip change={change} /> },
  { id: 'before', label: t('comparison.before'), cell: setting => settingValue(setting, setting.before, t) },
  { id: 'after', label: t('comparison.after'), cell: setting => settingValue(setting, setting.after, t) },
];

function settingValue({ before, after }: SettingDifference, value: string | null, t: Translate) {
  if (before === null && after === null) return t('comparison.notShown');
  return value === null ? '–' : <code className={classes['value']}>{value}</code>;
}

export function MetricTable({ metrics }: { readonly metrics: readonly MetricDifference[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns = useMemo(() => metricColumns(t, figures), [t, figures]);
  return (
    <DataTable label={t('comparison.metrics')} columns={columns} rows={metrics} rowKey={({ name }) => name} />
  );
}

const figureOf = (value: number | null, figures: Figures): string =>
  value === null ? '–' : figures.metric(value);

const metricColumns = (t: Translate, figures: Figures): readonly Column<MetricDifference>[] => [
  { id: 'name', label: t('comparison.name'), cell: ({ name }) => name },
  {
    id: 'before',
    label: t('comparison.before'),
    numeric: true,
    cell: ({ before }) => figureOf(before, figures),
  },
  { id: 'after', label: t('comparison.after'), numeric: true, cell: ({ after }) => figureOf(after, figures) },
  {
    id: 'difference',
    label: t('comparison.difference'),
    numeric: true,
    cell: ({ before, after }) => (before === null || after === null ? '–' : figures.change(after - before)),
  },
];
