import { useEntity } from '@backstage/plugin-catalog-react';
import { type ReuseAnswer, shortDigest } from '@modelpier/backstage-plugin-modelpier-common';
import { useVersion } from '../../hooks/questions';
import { FailureAlert } from '../ui/FailureAlert';
import { Panel } from '../ui/Panel';
import { useTranslation } from '../use-translation';
import { Formula } from './Formula';
import { LayerTable } from './LayerTable';
import classes from './reuse.module.css';

type Release = ReuseAnswer['releases'][number];

/** The newest version of one repository and platform, layer by layer. */
export function ReleasePanel({ release }: { readonly release: Release }) {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { digest, platform, previous, reuse } = release;
  const detail = useVersion(entity, digest);
  const version = release.version ?? shortDigest(digest);
  return (
    <Panel
      title={t('reuse.release', { version, platform })}
      aside={previous === null ? undefined : t('reuse.against', { digest: shortDigest(previous) })}
      flush
    >
      <div className={classes['figures']}>
        <Formula reuse={reuse} />
      </div>
      {detail.error === undefined ? null : (
        <FailureAlert error={detail.error} receivedAt={detail.receivedAt} />
      )}
      {detail.error !== undefined && detail.value === undefined ? null : (
        <LayerTable version={version} layers={detail.value?.layers} />
      )}
    </Panel>
  );
}
