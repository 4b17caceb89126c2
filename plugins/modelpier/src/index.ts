export { modelpierPlugin as default } from './plugin';
export { type AskOptions, type ModelpierApi, modelpierApiRef } from './api/modelpier-api';
export { modelpierTranslationRef } from './translations/modelpier-translation-ref';
