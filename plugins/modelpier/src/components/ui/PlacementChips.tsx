import { type Placement } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import { Chip, Chips } from './Chips';
import { Note } from './Note';

/** Where a version runs: by environment where it has one, with cluster and namespace at hand. */
export function PlacementChips({ placements }: { readonly placements: readonly Placement[] }) {
  const { t } = useTranslation();
  if (placements.length === 0) return <Note>{t('versions.nowhere')}</Note>;
  return (
    <Chips>
      {placements.map(({ cluster, namespace, workload, environment }) => {
        const place = t('versions.place', { cluster, namespace });
        return (
          <Chip key={`${cluster}/${namespace}/${workload.kind}/${workload.name}`} title={place}>
            {environment ?? place}
          </Chip>
        );
      })}
    </Chips>
  );
}
