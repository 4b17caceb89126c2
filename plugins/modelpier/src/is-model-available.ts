import { type Entity } from '@backstage/catalog-model';
import { IMAGE_ANNOTATION } from '@modelpier/backstage-plugin-modelpier-common';

/** Whether the entity names the images of a model. */
export const isModelAvailable = (entity: Entity): boolean =>
  Boolean(entity.metadata.annotations?.[IMAGE_ANNOTATION]);
