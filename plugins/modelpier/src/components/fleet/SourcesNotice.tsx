import { Alert } from '@backstage/ui';
import { type Source } from '@modelpier/backstage-plugin-modelpier-common';
import { memo } from 'react';
import { Opened } from '../ui/Opened';
import { SourceBanners } from '../ui/SourceBanners';
import { useTranslation } from '../use-translation';
import classes from './fleet.module.css';

/** So many are told one by one; of more there is one line that opens. */
const MOST_BANNERS = 1;

export interface SourcesNoticeProps {
  readonly sources: readonly Source[];
}

/** Which sources do not answer, in one line: a fleet has dozens, and its rows are what people came for. */
export const SourcesNotice = memo(function SourcesNotice({ sources }: SourcesNoticeProps) {
  const { t } = useTranslation();
  const troubled = sources.filter(({ state, message }) => state !== 'ok' || message !== undefined);
  if (troubled.length <= MOST_BANNERS) return <SourceBanners sources={troubled} />;
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={t('fleet.troubled', { count: troubled.length, sources: String(sources.length) })}
      description={
        <Opened label={t('fleet.which')}>
          {() => (
            <div className={classes['banners']} tabIndex={0} role="group" aria-label={t('fleet.which')}>
              <SourceBanners sources={troubled} />
            </div>
          )}
        </Opened>
      }
    />
  );
});
