import { type Referrer, type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { Age } from '../ui/Age';
import { Chip } from '../ui/Chips';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import classes from './details.module.css';
import { isAlarming, marksOf } from './marks';

/** Each proof of a version with what it means, and the documents that it rests on. */
export function MarkList({ version }: { readonly version: Version }) {
  const { t } = useTranslation();
  return (
    <dl className={classes['facts']}>
      {marksOf(version).map(mark => (
        <div key={mark.id}>
          <dt>{t(`marks.${mark.id}.name`)}</dt>
          <dd>
            <Chip tone={isAlarming(mark) ? 'warning' : 'outlined'}>{t(`marks.says.${mark.says}`)}</Chip>
            <Note>{t(`marks.why.${mark.says}`)}</Note>
            {mark.documents.map(document => (
              <Document key={document.name} document={document} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Document({ document: { artifactType, name, firstSeenAt } }: { readonly document: Referrer }) {
  const { t } = useTranslation();
  return (
    <div className={classes['document']}>
      <code title={name}>{artifactType}</code>{' '}
      <Note>
        <Age since={firstSeenAt}>{age => t('marks.firstSeen', { age })}</Age>
      </Note>
    </div>
  );
}
