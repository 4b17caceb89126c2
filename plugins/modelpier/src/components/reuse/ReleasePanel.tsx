import { useEntity } from '@backstage/plugin-catalog-react';
import {
  type ReuseAnswer,
  shortDigest,
  type VersionLayer,
} from '@modelpier/backstage-plugin-modelpier-common';
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
  const { digest, image = digest, platform, previous, reuse } = release;
  const detail = useVersion(entity, image);
  const version = release.version ?? shortDigest(digest);
  const layers = detail.value?.layers;
  return (
    <Panel
      title={t('reuse.release', { version, platform })}
      aside={previous === null ? undefined : t('reuse.against', { digest: shortDigest(previous) })}
      flush
    >
      <div className={classes['figures']}>
        <Formula reuse={reuse} newSizes={newSizesOf(layers)} />
      </div>
      {detail.error === undefined ? null : (
        <FailureAlert error={detail.error} receivedAt={detail.receivedAt} />
      )}
      {detail.error !== undefined && detail.value === undefined ? null : (
        <LayerTable version={version} layers={layers} totalBytes={reuse.totalBytes} />
      )}
    </Panel>
  );
}

/** A blob that an image has twice is new once. */
const newSizesOf = (layers: readonly VersionLayer[] = []): readonly number[] => [
  ...new Map(
    layers.filter(({ inPrevious }) => !inPrevious).map(({ digest, sizeBytes }) => [digest, sizeBytes]),
  ).values(),
];
