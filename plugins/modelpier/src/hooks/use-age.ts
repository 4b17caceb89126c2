import { measureAge } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../components/use-translation';
import { useFigures } from './use-figures';
import { useNow } from './use-now';

/** Tells how long ago a time (RFC 3339) is, in the reader's language and renewed as it grows. */
export function useAge(): (at: string) => string {
  const { t } = useTranslation();
  const { day } = useFigures();
  const now = useNow();
  return at => {
    const { tense, told } = measureAge(at, now);
    return t(`age.${tense}`, { told: tense === 'date' ? day(at) : told });
  };
}
