export { modelpierPlugin as default } from './plugin';
