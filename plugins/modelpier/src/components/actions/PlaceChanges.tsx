import { type Deployment, type Digest } from '@modelpier/backstage-plugin-modelpier-common';
import { DigestText } from '../ui/DigestText';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import classes from './ActionDialog.module.css';

export interface PlaceChangesProps {
  readonly environment: string;
  /** Where the model runs in the environment now. */
  readonly running: readonly Deployment[];
  readonly to: { readonly version: string; readonly digest: Digest | null };
}

/** For each place of an environment: what runs there, and what will. */
export function PlaceChanges({ environment, running, to }: PlaceChangesProps) {
  const { t } = useTranslation();
  if (running.length === 0)
    return (
      <p className={classes['note']}>
        {t('actions.first', { environment, version: to.version })}{' '}
        {to.digest === null ? null : <DigestText digest={to.digest} />}
      </p>
    );
  return (
    <ul className={classes['places']} aria-label={t('actions.changes', { environment })}>
      {running.map(({ cluster, namespace, workload, version, versionDigest, runningDigests }) => (
        <li key={`${cluster}/${namespace}/${workload.kind}/${workload.name}`} className={classes['place']}>
          <span>
            {t('versions.place', { cluster, namespace })}
            <Note>{workload.name}</Note>
          </span>
          <span>
            <Step
              word={t('actions.from')}
              version={version ?? t('deployments.unknownVersion')}
              digest={versionDigest ?? runningDigests[0] ?? null}
            />
            <Step word={t('actions.to')} {...to} />
          </span>
        </li>
      ))}
    </ul>
  );
}

interface StepProps {
  readonly word: string;
  readonly version: string;
  readonly digest: Digest | null;
}

function Step({ word, version, digest }: StepProps) {
  return (
    <span className={classes['step']}>
      <Note>{word}</Note>
      <span className={classes['version']}>{version}</span>
      {digest === null ? null : <DigestText digest={digest} />}
    </span>
  );
}
