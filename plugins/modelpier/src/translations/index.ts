export { modelpierTranslationRef } from './modelpier-translation-ref';
