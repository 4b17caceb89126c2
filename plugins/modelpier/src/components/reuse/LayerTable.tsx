import { type VersionLayer } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { type Figures } from '../../figures/figures';
import { useFigures } from '../../hooks/use-figures';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { DigestText } from '../ui/DigestText';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { FileList } from './FileList';
import { SharedWith } from './SharedWith';
import { Swatch } from './Swatch';

export interface LayerTableProps {
  readonly version: string;
  readonly layers: readonly VersionLayer[] | undefined;
  /** S0. */
  readonly totalBytes: number;
}

/** The layer stack, the top layer first as the union file system looks through it. */
export function LayerTable({ version, layers, totalBytes }: LayerTableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns = useMemo(() => columnsOf(t, figures, totalBytes), [t, figures, totalBytes]);
  return (
    <DataTable
      label={t('reuse.layersLabel', { version })}
      columns={columns}
      rows={layers?.toReversed()}
      rowKey={({ position }) => String(position)}
    />
  );
}

const columnsOf = (t: Translate, figures: Figures, totalBytes: number): readonly Column<VersionLayer>[] => [
  {
    id: 'kind',
    label: t('reuse.layer'),
    cell: layer => (
      <span className={text['line']}>
        <Swatch part={partOf(layer)} />
        <span className={text['strong']}>{t(`reuse.kind.${layer.kind}`)}</span>
      </span>
    ),
  },
  { id: 'digest', label: t('versions.digest'), cell: ({ digest }) => <DigestText digest={digest} /> },
  {
    id: 'size',
    label: t('reuse.size'),
    numeric: true,
    cell: ({ sizeBytes }) => {
      const share = totalBytes === 0 ? 0 : sizeBytes / totalBytes;
      const words = t('reuse.ofTotal', { ratio: figures.percent(share), total: figures.bytes(totalBytes) });
      return (
        <>
          <span className={text['nowrap']}>{figures.bytes(sizeBytes)}</span>
          <Meter label={t('reuse.size')} text={words} ratio={share} />
          <Note>{words}</Note>
        </>
      );
    },
  },
  { id: 'state', label: t('reuse.state'), cell: layer => <Fate layer={layer} /> },
  { id: 'sharedWith', label: t('reuse.sharedWith'), cell: layer => <SharedWith layer={layer} /> },
  { id: 'files', label: t('reuse.files'), cell: ({ files }) => <FileList files={files} /> },
];

/** As the bar above the table draws it. */
function partOf({ inPrevious, kind }: VersionLayer): 'base' | 'own' | 'new' {
  if (!inPrevious) return 'new';
  return kind === 'base' ? 'base' : 'own';
}

/** Whether the layer was there before and, where it was not, why. */
function Fate({ layer: { inPrevious, whyNew } }: { readonly layer: VersionLayer }) {
  const { t } = useTranslation();
  if (inPrevious) return <Chip tone="outlined">{t('reuse.shared')}</Chip>;
  return (
    <>
      <Chip tone="new">{t('reuse.new')}</Chip>
      {whyNew === undefined ? null : <Note>{t(`reuse.whyNew.${whyNew}`)}</Note>}
    </>
  );
}
