import { measureAge } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../components/use-translation';
import { useFigures } from './use-figures';
import { TICK_MS, useNow } from './use-now';

/** Tells how long ago a time (RFC 3339) is, in the reader's language and renewed as it grows. */
export function useAge(): (at: string) => string {
  const { t } = useTranslation();
  const { day } = useFigures();
  const now = useNow();
  return at => {
    const { tense, told } = measureAge(at, laterOf(now, at));
    return t(`age.${tense}`, { told: tense === 'date' ? day(at) : told });
  };
}

/** What happened since the clock was last read happened just now. */
function laterOf(now: Date, at: string): Date {
  const aheadMs = Date.parse(at) - now.getTime();
  return aheadMs > 0 && aheadMs <= TICK_MS ? new Date(at) : now;
}
