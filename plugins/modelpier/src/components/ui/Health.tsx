import { type State, type Status } from '@modelpier/backstage-plugin-modelpier-common';
import {
  RiCheckboxCircleFill,
  RiErrorWarningFill,
  RiIndeterminateCircleFill,
  RiLoader2Fill,
  RiPauseCircleFill,
  RiQuestionFill,
} from '@remixicon/react';
import { useTranslation } from '../use-translation';
import classes from './Health.module.css';
import { LongText } from './LongText';

const ICONS = {
  Current: RiCheckboxCircleFill,
  Suspended: RiPauseCircleFill,
  InProgress: RiLoader2Fill,
  Unknown: RiQuestionFill,
  Terminating: RiIndeterminateCircleFill,
  NotFound: RiErrorWarningFill,
  Failed: RiErrorWarningFill,
} as const satisfies Record<State, unknown>;

const TONES = {
  Current: 'good',
  Suspended: 'muted',
  InProgress: 'moving',
  Unknown: 'muted',
  Terminating: 'moving',
  NotFound: 'bad',
  Failed: 'bad',
} as const satisfies Record<State, string>;

/** The state in a word with a mark of its own shape, so that colour is never all there is. */
export function HealthState({ state }: { readonly state: State }) {
  const { t } = useTranslation();
  const Icon = ICONS[state];
  return (
    <span className={classes['state']}>
      <Icon size={16} aria-hidden className={classes[TONES[state]]} />
      {t(`health.${state}`)}
    </span>
  );
}

/** The state and, where something is to be said, the same message as in the action's log. */
export function Health({ status }: { readonly status: Status }) {
  return (
    <div>
      <HealthState state={status.state} />
      {status.state === 'Current' ? null : (
        <div className={classes['message']}>
          <LongText text={status.message} />
        </div>
      )}
    </div>
  );
}
