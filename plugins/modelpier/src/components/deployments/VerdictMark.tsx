import { type ReleaseVerdict } from '@modelpier/backstage-plugin-modelpier-common';
import {
  RiArrowGoBackLine,
  RiCheckboxCircleFill,
  RiCheckLine,
  RiErrorWarningFill,
  RiLoader2Fill,
  RiQuestionFill,
  RiStopCircleFill,
} from '@remixicon/react';
import health from '../ui/Health.module.css';
import classes from './releases.module.css';

const MARKS = {
  'in-progress': { Icon: RiLoader2Fill, tone: 'moving' },
  healthy: { Icon: RiCheckboxCircleFill, tone: 'good' },
  unchanged: { Icon: RiCheckboxCircleFill, tone: 'good' },
  applied: { Icon: RiCheckLine, tone: 'muted' },
  failed: { Icon: RiErrorWarningFill, tone: 'bad' },
  'rolled-back': { Icon: RiArrowGoBackLine, tone: 'bad' },
  'rollback-failed': { Icon: RiErrorWarningFill, tone: 'bad' },
  cancelled: { Icon: RiStopCircleFill, tone: 'muted' },
  interrupted: { Icon: RiQuestionFill, tone: 'muted' },
} as const satisfies Record<ReleaseVerdict, unknown>;

/** A point of the timeline; its shape and colour say the verdict that stands beside it in words. */
export function VerdictMark({ verdict }: { readonly verdict: ReleaseVerdict }) {
  const { Icon, tone } = MARKS[verdict];
  return (
    <span className={classes['mark']}>
      <Icon size={18} aria-hidden className={health[tone]} />
    </span>
  );
}
