import { type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { useFigures } from '../../hooks/use-figures';
import { Age } from '../ui/Age';
import { Chip, Chips } from '../ui/Chips';
import { CommitLink } from '../ui/CommitLink';
import { type Column, DataTable } from '../ui/DataTable';
import { DigestText } from '../ui/DigestText';
import { Meter } from '../ui/Meter';
import { Note } from '../ui/Note';
import { PlacementChips } from '../ui/PlacementChips';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import { type Choice, CompareBox } from './CompareBox';
import { MarkChips } from './MarkChips';
import { MetricList } from './MetricList';
import { PromoteButton } from './PromoteButton';
import { versionName } from './version-name';
import { VersionDetails } from './VersionDetails';

export interface VersionsTableProps {
  readonly name: string;
  readonly versions: readonly Version[] | undefined;
  readonly choice: Choice;
}

export function VersionsTable({ name, versions, choice }: VersionsTableProps) {
  const { t } = useTranslation();
  const columns = useMemo(() => [...columnsOf(t), compareColumn(t, choice)], [t, choice]);
  return (
    <DataTable
      label={t('versions.label', { name })}
      columns={columns}
      rows={versions}
      rowKey={({ repository, digest }) => `${repository}@${digest}`}
      details={{
        label: version => t('versions.showDetails', { version: versionName(version) }),
        content: version => (
          <VersionDetails digest={version.digest}>
            <PromoteButton version={version} />
          </VersionDetails>
        ),
      }}
    />
  );
}

const compareColumn = (t: Translate, choice: Choice): Column<Version> => ({
  id: 'compare',
  label: t('comparison.column'),
  cell: version => <CompareBox version={version} choice={choice} />,
});

const columnsOf = (t: Translate): readonly Column<Version>[] => [
  { id: 'version', label: t('versions.version'), cell: version => <VersionName version={version} /> },
  {
    id: 'firstSeen',
    label: t('versions.firstSeen'),
    cell: ({ firstSeenAt, commit, sourceUrl }) => (
      <>
        <span className={text['nowrap']}>
          <Age since={firstSeenAt} />
        </span>
        {commit === null ? null : (
          <Note>
            <CommitLink commit={commit} source={sourceUrl} />
          </Note>
        )}
      </>
    ),
  },
  {
    id: 'size',
    label: t('versions.size'),
    numeric: true,
    cell: version => <VersionSize version={version} />,
  },
  { id: 'reused', label: t('versions.reused'), numeric: true, cell: version => <Reused version={version} /> },
  { id: 'metrics', label: t('versions.metrics'), cell: ({ metrics }) => <MetricList metrics={metrics} /> },
  { id: 'marks', label: t('marks.title'), cell: version => <MarkChips version={version} /> },
  {
    id: 'deployedIn',
    label: t('versions.deployedIn'),
    cell: ({ deployedIn }) => <PlacementChips placements={deployedIn} />,
  },
];

function VersionName({ version: { version, tags, digest, platforms } }: { readonly version: Version }) {
  const { t } = useTranslation();
  const name = version ?? tags[0];
  const others = tags.filter(tag => tag !== name);
  return (
    <>
      <span className={text['strong']} title={digest}>
        {name ?? t('versions.untagged')}
      </span>
      <div>
        <DigestText digest={digest} />
      </div>
      {platforms.map(platform => (
        <Note key={platform}>{platform}</Note>
      ))}
      {others.length === 0 ? null : (
        <Chips>
          {others.map(tag => (
            <Chip key={tag} tone="outlined">
              {tag}
            </Chip>
          ))}
        </Chips>
      )}
    </>
  );
}

function VersionSize({ version: { sizeBytes, newBytes } }: { readonly version: Version }) {
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <span className={text['nowrap']}>
      {figures.bytes(sizeBytes)}
      {newBytes === null ? null : <Note>{t('versions.newBytes', { size: figures.bytes(newBytes) })}</Note>}
    </span>
  );
}

function Reused({ version: { reuseRatio, sizeBytes } }: { readonly version: Version }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (reuseRatio === null) return <>–</>;
  const ratio = figures.percent(reuseRatio);
  return (
    <>
      <span className={text['nowrap']}>{ratio}</span>
      <Meter
        label={t('versions.reused')}
        text={t('versions.reusedOf', { ratio, size: figures.bytes(sizeBytes) })}
        ratio={reuseRatio}
      />
      <Note>{t('versions.ofSize', { size: figures.bytes(sizeBytes) })}</Note>
    </>
  );
}
