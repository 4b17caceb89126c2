import { Radio, RadioGroup } from '@backstage/ui';
import { type Release, rollbackChoices } from '@modelpier/backstage-plugin-modelpier-common';
import { type AskedAction } from '../../hooks/use-asked-action';
import { digestsOf, runningIn, type Situation } from '../../hooks/use-situation';
import { type Start } from '../../hooks/use-start';
import { useAge } from '../../hooks/use-age';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import { ActionDialog } from './ActionDialog';
import { ChangePreview } from './ChangePreview';
import { PlaceChanges } from './PlaceChanges';
import { refusalOfRollback } from './refusals';
import { WorkflowNote } from './WorkflowNote';
import classes from './ActionDialog.module.css';

export interface DialogProps {
  readonly asked: AskedAction;
  readonly situation: Situation;
  readonly start: Start;
  /** Environments where something started is still under way. */
  readonly underWay: ReadonlySet<string>;
  /** The tab that compares versions. */
  readonly comparison: string;
  readonly onChoose: (choice: string) => void;
  readonly onClose: () => void;
}

/** Goes back to an earlier release of an environment: which one, what that changes, and by what. */
export function RollbackDialog({
  asked,
  situation,
  start,
  underWay,
  comparison,
  onChoose,
  onClose,
}: DialogProps) {
  const { t } = useTranslation();
  const { subject: environment, choice } = asked;
  const { ways, isLoading, deployments, releases } = situation;
  const running = runningIn(deployments, environment);
  const choices = rollbackChoices(releases, { environment, running: digestsOf(running) });
  const chosen = choices.find(({ version }) => version === choice) ?? choices[0];
  const refusal = refusalOfRollback(
    { ways, isLoading, environment, choices: choices.length, isUnderWay: underWay.has(environment) },
    t,
  );
  const begin = async (): Promise<void> => {
    if (chosen === undefined) return;
    const { version, digest } = chosen;
    if (await start.begin({ action: 'rollback', environment, version, digest }, releases)) onClose();
  };
  return (
    <ActionDialog
      title={t('actions.rollback.title', { environment })}
      confirm={
        chosen === undefined
          ? t('actions.rollback.open')
          : t('actions.rollback.confirm', { version: chosen.version })
      }
      refusal={refusal}
      isLoading={isLoading}
      isPending={start.isPending}
      error={start.error ?? situation.error}
      onConfirm={() => void begin()}
      onClose={onClose}
    >
      {chosen === undefined ? null : (
        <>
          <Choices choices={choices} chosen={chosen} onChoose={onChoose} />
          <PlaceChanges environment={environment} running={running} to={chosen} />
          <ChangePreview
            before={running[0]?.versionDigest ?? null}
            after={chosen.digest}
            comparison={comparison}
          />
          <p className={classes['note']}>{t('actions.rollback.effect', { version: chosen.version })}</p>
          <WorkflowNote way={ways?.rollback} />
        </>
      )}
    </ActionDialog>
  );
}

interface ChoicesProps {
  readonly choices: readonly Release[];
  readonly chosen: Release;
  readonly onChoose: (version: string) => void;
}

/** More are for who looks for them in the timeline. */
const MOST_OFFERED = 5;

function Choices({ choices, chosen, onChoose }: ChoicesProps) {
  const { t } = useTranslation();
  const age = useAge();
  const offered = choices.slice(0, MOST_OFFERED);
  const shown = offered.includes(chosen) ? offered : [...offered, chosen];
  return (
    <RadioGroup
      label={t('actions.rollback.choose')}
      orientation="vertical"
      value={chosen.version}
      onChange={onChoose}
    >
      {shown.map(({ id, version, startedAt, actor }) => (
        <Radio key={id} value={version}>
          <span>
            <span className={classes['version']}>{version}</span>
            <Note>
              {actor === null
                ? t('actions.rollback.released', { age: age(startedAt) })
                : t('actions.rollback.releasedBy', { age: age(startedAt), actor })}
            </Note>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
