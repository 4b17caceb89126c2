import { type VersionDiff } from '@modelpier/backstage-plugin-modelpier-common';
import { Chip } from '../ui/Chips';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import classes from './comparison.module.css';

/** What is another of the model itself, with what breaks its callers marked. */
export function FactChanges({ facts }: Pick<VersionDiff, 'facts'>) {
  const { t } = useTranslation();
  if (facts === null) return <Note>{t('comparison.unknown')}</Note>;
  if (facts.length === 0) return <Note>{t('comparison.same')}</Note>;
  return (
    <ul className={classes['facts']}>
      {facts.map(({ text, isBreaking }) => (
        <li key={text}>
          {text}
          {isBreaking ? (
            <Chip tone="warning" title={t('comparison.breakingHint')}>
              {t('comparison.breaking')}
            </Chip>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
