import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import modelpierPlugin from '@modelpier/backstage-plugin-modelpier';
import { signInModule } from './signIn';

export const app = createApp({
  features: [catalogPlugin, userSettingsPlugin, signInModule, modelpierPlugin],
});
