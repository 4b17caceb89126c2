import { useMemo } from 'react';
import { useTranslation } from '../components/use-translation';
import { createFigures, type Figures } from '../figures/figures';

/** Writes figures in the language of the wording, so that words and numbers never disagree. */
export function useFigures(): Figures {
  const { t } = useTranslation();
  return useMemo(
    () =>
      createFigures({
        language: t('figures.language'),
        notKnown: t('figures.notKnown'),
        memory: t('figures.memory'),
        isIsolated: document.documentElement.dir === 'rtl',
        whole: devices => t('figures.whole', { devices }),
      }),
    [t],
  );
}
