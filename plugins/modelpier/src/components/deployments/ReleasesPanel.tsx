import { Button, Skeleton } from '@backstage/ui';
import { type useReleases } from '../../hooks/questions';
import { EmptyAnswer } from '../ui/EmptyAnswer';
import { FailureAlert } from '../ui/FailureAlert';
import { Note } from '../ui/Note';
import { Panel } from '../ui/Panel';
import { useTranslation } from '../use-translation';
import { ReleaseEntry } from './ReleaseEntry';
import classes from './releases.module.css';

export interface ReleasesPanelProps {
  readonly name: string;
  readonly releases: ReturnType<typeof useReleases>;
}

/** What was released, newest first, with what failed and why. */
export function ReleasesPanel({ name, releases }: ReleasesPanelProps) {
  const { t } = useTranslation();
  const { value, error, receivedAt, unserved } = releases;
  const total = value === undefined || value.total === 0 ? undefined : value.total;
  return (
    <Panel
      title={t('releases.title')}
      aside={total === undefined ? undefined : t('releases.total', { count: total })}
    >
      {unserved ? <Note>{t('releases.unserved')}</Note> : null}
      {error === undefined || unserved ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
      {value === undefined && error === undefined ? <Skeleton height={96} /> : null}
      {value === undefined ? null : <Timeline name={name} releases={releases} />}
    </Panel>
  );
}

function Timeline({ name, releases: { value, refreshing, more } }: ReleasesPanelProps) {
  const { t } = useTranslation();
  if (value === undefined) return null;
  if (value.items.length === 0)
    return (
      <EmptyAnswer
        answer={value}
        of="cluster"
        title={t('releases.emptyTitle')}
        hint={t('releases.emptyHint')}
      />
    );
  return (
    <>
      <ol className={classes['timeline']} aria-label={t('releases.label', { name })}>
        {value.items.map(release => (
          <ReleaseEntry key={`${release.cluster}/${release.namespace}/${release.id}`} release={release} />
        ))}
      </ol>
      {value.nextCursor === null ? null : (
        <Button variant="secondary" isPending={refreshing} onPress={more}>
          {t('releases.older')}
        </Button>
      )}
    </>
  );
}
