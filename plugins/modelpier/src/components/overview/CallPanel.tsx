import { type ModelSummary, type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { Panel } from '../ui/Panel';
import { useTranslation } from '../use-translation';
import { callCommands } from './call-commands';
import { Command } from './Command';
import classes from './overview.module.css';

export interface CallPanelProps {
  readonly name: string;
  readonly newest: Version;
  readonly deployments: ModelSummary['deployments'];
}

/** How to ask the model: its path, and commands that run as they stand. */
export function CallPanel({ name, newest, deployments }: CallPanelProps) {
  const { t } = useTranslation();
  const place = deployments.find(({ ready }) => ready > 0)?.placement;
  const { path, forward, metadata, infer } = callCommands(newest.model ?? name, place);
  return (
    <Panel title={t('overview.howToCall')}>
      <p className={classes['intro']}>{t('overview.callIntro')}</p>
      <div className={classes['commands']}>
        <Command label={t('overview.inferPath')} text={path} copyLabel={t('copy.path')} />
        {forward === undefined ? null : <Command label={t('overview.forward')} text={forward} />}
        <Command label={t('overview.metadata')} text={metadata} />
        <Command label={t('overview.infer')} text={infer} />
      </div>
    </Panel>
  );
}
