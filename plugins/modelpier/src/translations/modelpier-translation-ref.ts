import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { en } from './en';

/** All wording of the plugin, and that in other languages, which is loaded where a reader chose one. */
export const modelpierTranslationRef = createTranslationRef({
  id: 'plugin.modelpier',
  messages: en,
  translations: { de: () => import('./de') },
});
