import { Skeleton } from '@backstage/ui';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type Digest } from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode } from 'react';
import { useVersion } from '../../hooks/questions';
import { FailureAlert } from '../ui/FailureAlert';
import { Section } from '../ui/Section';
import { useTranslation } from '../use-translation';
import classes from './details.module.css';
import { MarkList } from './MarkList';
import { ModelFactList } from './ModelFactList';

export interface VersionDetailsProps {
  readonly digest: Digest;
  /** What can be done with the version. */
  readonly children?: ReactNode;
}

/** What is known of one version: its proofs with their reasons, and what its files say of the model. */
export function VersionDetails({ digest, children }: VersionDetailsProps) {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { value, error, loading, receivedAt } = useVersion(entity, digest);
  return (
    <>
      {error === undefined ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
      {loading ? <Skeleton height={120} /> : null}
      {value === undefined ? null : (
        <div className={classes['details']}>
          <Section title={t('marks.title')}>
            <MarkList version={value.version} golden={value.golden} />
          </Section>
          <Section title={t('facts.title')}>
            <ModelFactList detail={value} />
          </Section>
        </div>
      )}
      {children}
    </>
  );
}
