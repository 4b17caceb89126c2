export { refOf } from '@modelpier/backstage-plugin-modelpier-node';
