import { type VersionLayer, formatBytes, formatPercent } from '@modelpier/backstage-plugin-modelpier-common';
import { EntityRefLinks } from '@backstage/plugin-catalog-react';
import { useMemo } from 'react';
import { Chip } from '../ui/Chips';
import { type Column, DataTable } from '../ui/DataTable';
import { DigestText } from '../ui/DigestText';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { FileList } from './FileList';

export interface LayerTableProps {
  readonly version: string;
  readonly layers: readonly VersionLayer[] | undefined;
}

/** The layer stack, the top layer first as the union file system looks through it. */
export function LayerTable({ version, layers }: LayerTableProps) {
  const { t } = useTranslation();
  const largest = Math.max(1, ...(layers ?? []).map(({ sizeBytes }) => sizeBytes));
  const columns = useMemo(() => columnsOf(t, largest), [t, largest]);
  return (
    <DataTable
      label={t('reuse.layersLabel', { version })}
      columns={columns}
      rows={layers?.toReversed()}
      rowKey={({ position }) => String(position)}
    />
  );
}

const columnsOf = (t: Translate, largest: number): readonly Column<VersionLayer>[] => [
  {
    id: 'kind',
    label: t('reuse.layer'),
    cell: ({ kind }) => <span className={text['strong']}>{t(`reuse.kind.${kind}`)}</span>,
  },
  { id: 'digest', label: t('versions.digest'), cell: ({ digest }) => <DigestText digest={digest} /> },
  {
    id: 'size',
    label: t('reuse.size'),
    numeric: true,
    cell: ({ sizeBytes }) => (
      <>
        <span className={text['nowrap']}>{formatBytes(sizeBytes)}</span>
        <Meter
          label={t('reuse.size')}
          text={`${formatBytes(sizeBytes)} (${formatPercent(sizeBytes / largest)})`}
          ratio={sizeBytes / largest}
        />
      </>
    ),
  },
  {
    id: 'state',
    label: t('reuse.state'),
    cell: ({ inPrevious }) =>
      inPrevious ? (
        <Chip tone="outlined">{t('reuse.shared')}</Chip>
      ) : (
        <Chip tone="new">{t('reuse.new')}</Chip>
      ),
  },
  { id: 'sharedWith', label: t('reuse.sharedWith'), cell: layer => <SharedWith layer={layer} /> },
  { id: 'files', label: t('reuse.files'), cell: ({ files }) => <FileList files={files} /> },
];

function SharedWith({ layer }: { readonly layer: VersionLayer }) {
  const { t } = useTranslation();
  const { sharedWithVersions, sharedWithModels } = layer;
  if (sharedWithVersions === 0) return <Note>{t('reuse.nobody')}</Note>;
  return (
    <>
      {t('reuse.versions', { count: sharedWithVersions })}
      {sharedWithModels.length === 0 ? null : (
        <Note>
          <EntityRefLinks entityRefs={[...sharedWithModels]} defaultKind="component" hideIcons />
        </Note>
      )}
    </>
  );
}
