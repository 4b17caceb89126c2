import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { modelpierTranslationRef } from '../translations/modelpier-translation-ref';

/** The plugin's wording in the reader's language. */
export const useTranslation = () => useTranslationRef(modelpierTranslationRef);
export type Translate = ReturnType<typeof useTranslation>['t'];
