import { type Referrer, type VersionDetail } from '@modelpier/backstage-plugin-modelpier-common';
import { Age } from '../ui/Age';
import { Chip } from '../ui/Chips';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import { GoldenFigures } from './GoldenFigures';
import classes from './details.module.css';
import { isAlarming, marksOf } from './marks';

/** Each proof of a version with what it means, and the documents that it rests on. */
export function MarkList({ version, golden }: Pick<VersionDetail, 'version' | 'golden'>) {
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
      <GoldenMark golden={golden} />
    </dl>
  );
}

/** What the pods of its newest release answered; an image alone has none of it. */
function GoldenMark({ golden }: Pick<VersionDetail, 'golden'>) {
  const { t } = useTranslation();
  const says = golden?.note.verdict ?? 'notChecked';
  return (
    <div>
      <dt>{t('golden.name')}</dt>
      <dd>
        <Chip tone={says === 'failed' ? 'warning' : 'outlined'}>{t(`golden.says.${says}`)}</Chip>
        <Note>{t(`golden.why.${says}`)}</Note>
        {golden === undefined ? null : (
          <Note>
            <GoldenFigures note={golden.note} />
          </Note>
        )}
        {golden === undefined ? null : (
          <Note>
            <Age since={golden.at}>
              {age =>
                golden.environment === null
                  ? t('golden.at', { age })
                  : t('golden.atEnvironment', { age, environment: golden.environment })
              }
            </Age>
          </Note>
        )}
      </dd>
    </div>
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
