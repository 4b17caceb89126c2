import { type Source } from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode } from 'react';
import { type Asked } from '../../hooks/use-polled';
import { FailureAlert } from './FailureAlert';
import { Freshness } from './Freshness';
import { SourceBanners } from './SourceBanners';
import classes from './TabFrame.module.css';

export interface TabFrameProps {
  /** One sentence on what the tab holds. */
  readonly summary: ReactNode;
  readonly asked: Asked<{ readonly sources: readonly Source[] }>;
  /** Asks the sources themselves, then reads again. */
  readonly onRefresh: () => void;
  readonly children: ReactNode;
}

/** What every tab shares: freshness, a banner for each source in trouble, and never a blank page. */
export function TabFrame({ summary, asked, onRefresh, children }: TabFrameProps) {
  const { value, error, receivedAt } = asked;
  return (
    <div className={classes['frame']}>
      <div className={classes['head']}>
        <div className={classes['summary']}>{summary}</div>
        <Freshness asked={asked} onRefresh={onRefresh} />
      </div>
      {error === undefined ? null : <FailureAlert error={error} receivedAt={receivedAt} />}
      {value === undefined ? null : <SourceBanners sources={value.sources} />}
      {error !== undefined && value === undefined ? null : children}
    </div>
  );
}
