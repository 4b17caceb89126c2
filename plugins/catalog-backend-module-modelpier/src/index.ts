export { catalogModuleModelpier as default } from './module';
