import { Alert, Button, Link, VisuallyHidden } from '@backstage/ui';
import { findStarted, type Release, type Started } from '@modelpier/backstage-plugin-modelpier-common';
import { RiCheckboxCircleFill, RiLoader2Fill, RiQuestionFill } from '@remixicon/react';
import { type ReactNode } from 'react';
import { useNow } from '../../hooks/use-now';
import { isLong } from '../../hooks/use-under-way';
import { VerdictMark } from '../deployments/VerdictMark';
import { webAddress } from '../safe-link';
import { Age } from '../ui/Age';
import health from '../ui/Health.module.css';
import { Note } from '../ui/Note';
import { Panel } from '../ui/Panel';
import { type Translate, useTranslation } from '../use-translation';
import classes from './StartedPanel.module.css';

export interface StartedPanelProps {
  readonly started: Started;
  readonly releases: readonly Release[] | undefined;
  readonly isAsking: boolean;
  readonly error: Error | undefined;
  readonly onAgain: () => void;
  readonly onDismiss: () => void;
}

/** How far what was started has come: asked for, recorded by the run, ended with a verdict. */
export function StartedPanel({ started, releases, isAsking, error, onAgain, onDismiss }: StartedPanelProps) {
  const { t } = useTranslation();
  const { action, environment, version, answer } = started;
  const release = releases === undefined ? undefined : findStarted(releases, started);
  const isTardy = isLong(started.at, useNow());
  const newest = newestWords({ isKnown: answer !== null, isAsking, isTardy, release }, t);
  const dismiss = (
    <Button size="small" variant="tertiary" onPress={onDismiss}>
      {t('actions.progress.dismiss')}
    </Button>
  );
  return (
    <Panel title={t(`actions.${action}.started`, { environment, version })} aside={dismiss}>
      <ol className={classes['steps']}>
        {answer === null ? (
          <Unknown words={newest} isAsking={isAsking} onAgain={onAgain} />
        ) : (
          <Dispatched started={started} />
        )}
        {answer === null ? null : <Recorded words={newest} isTardy={isTardy} release={release} />}
        {release === undefined ? null : <Judged release={release} />}
      </ol>
      {/* Of the list itself, each minute of the age and each button would be read out. */}
      <VisuallyHidden role="status">{newest}</VisuallyHidden>
      {error === undefined || answer !== null ? null : (
        <Alert role="alert" status="danger" icon title={error.message} />
      )}
    </Panel>
  );
}

interface Progress {
  /** Whether it is known to have been started. */
  readonly isKnown: boolean;
  readonly isAsking: boolean;
  readonly isTardy: boolean;
  readonly release: Release | undefined;
}

/** What the newest step says. */
function newestWords({ isKnown, isAsking, isTardy, release }: Progress, t: Translate): string {
  if (!isKnown) return t(isAsking ? 'actions.progress.asking' : 'actions.progress.unknown');
  if (release === undefined) return t(isTardy ? 'actions.progress.longWaiting' : 'actions.progress.waiting');
  const { verdict, reason, diagnosis } = release;
  return [t(`releases.verdict.${verdict}`), reason, diagnosis].filter(each => each !== null).join('; ');
}

const MARKS = {
  done: <RiCheckboxCircleFill size={18} aria-hidden className={health['good']} />,
  waiting: <RiLoader2Fill size={18} aria-hidden className={health['moving']} />,
  unknown: <RiQuestionFill size={18} aria-hidden className={health['muted']} />,
} as const;

function Step({ mark, children }: { readonly mark: ReactNode; readonly children: ReactNode }) {
  return (
    <li className={classes['step']}>
      {mark}
      <div>{children}</div>
    </li>
  );
}

interface UnknownProps extends Pick<StartedPanelProps, 'isAsking' | 'onAgain'> {
  readonly words: string;
}

function Unknown({ words, isAsking, onAgain }: UnknownProps) {
  const { t } = useTranslation();
  return (
    <Step mark={isAsking ? MARKS.waiting : MARKS.unknown}>
      <div>{words}</div>
      {isAsking ? null : (
        <Button size="small" variant="secondary" onPress={onAgain}>
          {t('actions.progress.again')}
        </Button>
      )}
    </Step>
  );
}

function Dispatched({ started: { answer, at } }: { readonly started: Started }) {
  const { t } = useTranslation();
  if (answer === null) return null;
  const { workflow, repository, ref, runUrl, runsUrl } = answer;
  const address = webAddress(runUrl ?? runsUrl);
  return (
    <Step mark={MARKS.done}>
      {t('actions.progress.dispatched', { workflow, repository, ref })}{' '}
      {address === undefined ? null : (
        <Link href={address.href} target="_blank" rel="noopener">
          {t(runUrl === undefined ? 'actions.progress.runs' : 'actions.progress.run')}
        </Link>
      )}
      <Note>
        <Age since={at} />
      </Note>
    </Step>
  );
}

interface RecordedProps extends Pick<Progress, 'isTardy' | 'release'> {
  /** What is said while there is no release. */
  readonly words: string;
}

function Recorded({ words, isTardy, release }: RecordedProps) {
  const { t } = useTranslation();
  if (release === undefined) return <Step mark={isTardy ? MARKS.unknown : MARKS.waiting}>{words}</Step>;
  const { id, cluster, namespace } = release;
  return (
    <Step mark={MARKS.done}>
      {t('actions.progress.recorded', { cluster, namespace })}
      <Note>{id}</Note>
    </Step>
  );
}

function Judged({ release: { verdict, reason, diagnosis } }: { readonly release: Release }) {
  const { t } = useTranslation();
  return (
    <Step mark={<VerdictMark verdict={verdict} />}>
      {t(`releases.verdict.${verdict}`)}
      {reason === null ? null : <div>{reason}</div>}
      {diagnosis === null ? null : <div>{diagnosis}</div>}
    </Step>
  );
}
