import { type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { Chip, Chips } from '../ui/Chips';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import { isAlarming, isTold, marksOf } from './marks';

/** The proofs of a version at a glance; their reasons stand in its details. */
export function MarkChips({ version }: { readonly version: Version }) {
  const { t } = useTranslation();
  const told = marksOf(version).filter(isTold);
  if (told.length === 0) return <Note>{t('marks.none')}</Note>;
  return (
    <Chips>
      {told.map(mark => (
        <Chip
          key={mark.id}
          tone={isAlarming(mark) ? 'warning' : 'outlined'}
          title={t(`marks.why.${mark.says}`)}
        >
          {mark.id === 'scan' && version.scan !== undefined
            ? t(`marks.short.${version.scan}`)
            : t(`marks.${mark.id}.name`)}
        </Chip>
      ))}
    </Chips>
  );
}
