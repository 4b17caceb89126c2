import { Link } from '@backstage/ui';
import { type Release } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { shortCommit, webAddress } from '../safe-link';
import { Age } from '../ui/Age';
import { Chip } from '../ui/Chips';
import { DigestText } from '../ui/DigestText';
import { LongText } from '../ui/LongText';
import text from '../ui/text.module.css';
import { GoldenFigures } from '../versions/GoldenFigures';
import { type Translate, useTranslation } from '../use-translation';
import classes from './releases.module.css';
import { VerdictMark } from './VerdictMark';

export interface ReleaseEntryProps {
  readonly release: Release;
}

/** One release: what, where, when and by whom, how it ended, and what is to be said about that. */
export function ReleaseEntry({ release }: ReleaseEntryProps) {
  const { t } = useTranslation();
  const { version, digest, environment, cluster, namespace, verdict, canReturn } = release;
  const place = t('releases.place', { cluster, namespace });
  return (
    <li className={classes['entry']}>
      <VerdictMark verdict={verdict} />
      <div className={classes['body']}>
        <div className={classes['head']}>
          <span className={classes['version']}>{version}</span>
          <span>{t(`releases.verdict.${verdict}`)}</span>
          <Chip title={place}>{environment ?? place}</Chip>
          {canReturn ? (
            <Chip tone="outlined" title={t('releases.canReturnHint')}>
              {t('releases.canReturn')}
            </Chip>
          ) : null}
        </div>
        <div className={classes['facts']}>
          <Facts release={release} />
          <Golden release={release} />
          {digest === null ? null : <DigestText digest={digest} />}
        </div>
        <Told release={release} />
      </div>
    </li>
  );
}

function Facts({ release: { startedAt, finishedAt, actor, commit, runUrl } }: ReleaseEntryProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const run = webAddress(runUrl);
  const took = finishedAt === null ? undefined : Date.parse(finishedAt) - Date.parse(startedAt);
  return (
    <>
      <Age since={startedAt} />
      {took === undefined || Number.isNaN(took) ? null : (
        <span>{t('releases.duration', { duration: figures.duration(took) })}</span>
      )}
      {actor === null ? null : <span>{t('releases.by', { actor })}</span>}
      {commit === null ? null : <code className={text['code']}>{shortCommit(commit)}</code>}
      {run === undefined ? null : (
        <Link href={run.href} target="_blank" rel="noopener" variant="body-small">
          {t('releases.run')}
        </Link>
      )}
    </>
  );
}

/** Why it ended so, what is wrong and would mend it, and what became of the way back. */
function Told({ release }: ReleaseEntryProps) {
  const { t } = useTranslation();
  const told = [
    { term: t('releases.reason'), said: release.reason },
    { term: t('releases.diagnosis'), said: release.diagnosis },
    { term: t('releases.wayBack'), said: wayBackOf(release, t) },
  ];
  if (told.every(({ said }) => said === null)) return null;
  return (
    <dl className={classes['told']}>
      {told.map(({ term, said }) =>
        said === null ? null : (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <LongText text={said} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Golden({ release: { golden } }: ReleaseEntryProps) {
  const { t } = useTranslation();
  if (golden === undefined) return null;
  return (
    <span>
      {t('golden.told', { says: t(`golden.says.${golden.verdict}`) })} <GoldenFigures note={golden} />
    </span>
  );
}

function wayBackOf({ verdict, rolledBackTo, rolledBackFrom }: Release, t: Translate): string | null {
  if (rolledBackTo !== undefined) {
    const { version } = rolledBackTo;
    if (verdict === 'rolled-back') return t('releases.wentBack', { version });
    if (verdict === 'rollback-failed') return t('releases.backFailed', { version });
  }
  return rolledBackFrom === undefined ? null : t('releases.asked', { version: rolledBackFrom.version });
}
