import { Button, Skeleton } from '@backstage/ui';
import { useEntity } from '@backstage/plugin-catalog-react';
import { shortDigest, isDigest } from '@modelpier/backstage-plugin-modelpier-common';
import { useVersionDiff } from '../../hooks/questions';
import { FailureAlert } from '../ui/FailureAlert';
import { Panel } from '../ui/Panel';
import { useTranslation } from '../use-translation';
import { Differences } from './Differences';
import { versionName } from './version-name';

export interface ComparisonProps {
  /** Digests, as the address has them. */
  readonly chosen: readonly string[];
  readonly onClose: () => void;
}

/** The comparison of two chosen versions; nothing while fewer are chosen. */
export function Comparison({ chosen: [before, after], onClose }: ComparisonProps) {
  if (before === undefined || after === undefined) return null;
  return <ComparisonPanel before={before} after={after} onClose={onClose} />;
}

interface ComparisonPanelProps {
  readonly before: string;
  readonly after: string;
  readonly onClose: () => void;
}

const shortOf = (digest: string): string => (isDigest(digest) ? shortDigest(digest) : digest);

/** What is another from one version to another. */
function ComparisonPanel({ before, after, onClose }: ComparisonPanelProps) {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { value, error, loading, receivedAt } = useVersionDiff(entity, before, after);
  const title = t('comparison.title', {
    before: value === undefined ? shortOf(before) : versionName(value.before),
    after: value === undefined ? shortOf(after) : versionName(value.after),
  });
  const close = (
    <Button size="small" variant="tertiary" onPress={onClose}>
      {t('comparison.close')}
    </Button>
  );
  return (
    <Panel title={title} aside={close}>
      {error === undefined ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
      {loading ? <Skeleton height={160} /> : null}
      {value === undefined ? null : <Differences diff={value} />}
    </Panel>
  );
}
