import { createPortal } from './create-portal';

const backend = createPortal();
backend.add(import('@backstage/plugin-permission-backend-module-allow-all-policy'));

void backend.start();
