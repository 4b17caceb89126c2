import { type TranslationRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { modelpierTranslationRef } from '../translations/modelpier-translation-ref';

type Messages = typeof modelpierTranslationRef extends TranslationRef<string, infer M> ? M : never;
// Named, for the inferred type is too large to be written into the package's declarations.
type Translation = ReturnType<typeof useTranslationRef<Messages>>;

/** The plugin's wording in the reader's language. */
export const useTranslation: () => Translation = () => useTranslationRef(modelpierTranslationRef);
export type Translate = Translation['t'];
