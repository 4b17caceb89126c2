import { Radio, RadioGroup, TextField } from '@backstage/ui';
import {
  ENVIRONMENT_PATTERN,
  isDigest,
  shortDigest,
  type Version,
  type VersionDetail,
} from '@modelpier/backstage-plugin-modelpier-common';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useState } from 'react';
import { useVersion } from '../../hooks/questions';
import { runningIn, type Situation } from '../../hooks/use-situation';
import { MarkList } from '../versions/MarkList';
import { Section } from '../ui/Section';
import { useTranslation } from '../use-translation';
import { versionName } from '../versions/version-name';
import { ActionDialog } from './ActionDialog';
import { ChangePreview } from './ChangePreview';
import { PlaceChanges } from './PlaceChanges';
import { refusalOfWay } from './refusals';
import { type DialogProps } from './RollbackDialog';
import { WorkflowNote } from './WorkflowNote';
import classes from './ActionDialog.module.css';

/** Releases a version that exists in another environment: where, what that changes, and by what. */
export function PromoteDialog(props: DialogProps) {
  const { asked, situation, start, onChoose, onClose } = props;
  const { t } = useTranslation();
  const { entity } = useEntity();
  const detail = useVersion(entity, asked.subject);
  const version = detail.value?.version;
  const name = version === undefined ? shortOf(asked.subject) : versionName(version);
  const environment = asked.choice ?? '';
  const isNamed = new RegExp(ENVIRONMENT_PATTERN).test(environment);
  const isLoading = situation.isLoading || detail.loading;
  const refusal = useRefusal(props, { environment, name, isNamed, isLoading });

  const begin = async (): Promise<void> => {
    if (version === undefined) return;
    const { digest } = version;
    const intention = { action: 'promote', environment, version: name, digest } as const;
    if (await start.begin(intention, situation.releases)) onClose();
  };
  return (
    <ActionDialog
      title={t('actions.promote.title', { version: name })}
      confirm={isNamed ? t('actions.promote.confirm', { environment }) : t('actions.promote.open')}
      refusal={refusal}
      isLoading={isLoading}
      isPending={start.isPending}
      error={start.error ?? situation.error ?? detail.error}
      onConfirm={() => void begin()}
      onClose={onClose}
    >
      <Environments environments={environmentsOf(situation)} chosen={environment} onChoose={onChoose} />
      {version === undefined || !isNamed ? null : (
        <Promotion {...props} version={version} golden={detail.value?.golden} environment={environment} />
      )}
    </ActionDialog>
  );
}

interface Target {
  readonly environment: string;
  readonly name: string;
  readonly isNamed: boolean;
  readonly isLoading: boolean;
}

/** Why the version cannot be promoted to the environment. */
function useRefusal(
  { asked, situation: { ways, deployments }, underWay }: DialogProps,
  { environment, name, isNamed, isLoading }: Target,
): string | undefined {
  const { t } = useTranslation();
  const refusal = refusalOfWay({ action: 'promote', ways, isLoading }, t);
  if (refusal !== undefined) return refusal;
  if (!isNamed) return t(environment === '' ? 'actions.promote.unchosen' : 'actions.promote.unnamed');
  if (underWay.has(environment)) return t('actions.underWay', { environment });
  const running = runningIn(deployments, environment);
  const isThere = running.every(({ versionDigest, drift }) => versionDigest === asked.subject && !drift);
  return running.length > 0 && isThere
    ? t('actions.promote.isThere', { environment, version: name })
    : undefined;
}

interface PromotionProps extends DialogProps {
  readonly version: Version;
  readonly golden: VersionDetail['golden'];
  readonly environment: string;
}

/** What the promotion changes, and what is known of the version that is promoted. */
function Promotion({ version, golden, environment, situation, comparison }: PromotionProps) {
  const { t } = useTranslation();
  const running = runningIn(situation.deployments, environment);
  const [first] = running;
  const { digest } = version;
  return (
    <>
      <PlaceChanges
        environment={environment}
        running={running}
        to={{ version: versionName(version), digest }}
      />
      {first === undefined ? null : (
        <ChangePreview before={first.versionDigest} after={digest} comparison={comparison} />
      )}
      <Section title={t('marks.title')}>
        <MarkList version={version} golden={golden} />
      </Section>
      <p className={classes['note']}>{t('actions.promote.effect')}</p>
      <WorkflowNote way={situation.ways?.promote} />
    </>
  );
}

const shortOf = (digest: string): string => (isDigest(digest) ? shortDigest(digest) : digest);

/** Environments that the model was ever released into, by name. */
function environmentsOf({ deployments, releases }: Situation): readonly string[] {
  const named = [...deployments, ...releases].flatMap(({ environment }) => environment ?? []);
  return [...new Set(named)].sort();
}

interface EnvironmentsProps {
  readonly environments: readonly string[];
  readonly chosen: string;
  readonly onChoose: (environment: string) => void;
}

/** No environment is called so. */
const OTHER = '/';

function Environments({ environments, chosen, onChoose }: EnvironmentsProps) {
  const { t } = useTranslation();
  const [isOther, setOther] = useState(chosen !== '' && !environments.includes(chosen));
  const choose = (value: string): void => {
    setOther(value === OTHER);
    onChoose(value === OTHER ? '' : value);
  };
  return (
    <>
      <RadioGroup
        label={t('actions.promote.choose')}
        orientation="vertical"
        value={isOther ? OTHER : chosen}
        onChange={choose}
      >
        {environments.map(environment => (
          <Radio key={environment} value={environment}>
            {environment}
          </Radio>
        ))}
        <Radio value={OTHER}>{t('actions.promote.other')}</Radio>
      </RadioGroup>
      {isOther ? (
        <TextField label={t('actions.promote.environment')} value={chosen} onChange={onChoose} />
      ) : null}
    </>
  );
}
