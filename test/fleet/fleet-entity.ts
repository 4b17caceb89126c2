import type { Entity } from '@backstage/catalog-model';
import { IMAGE_ANNOTATION } from '@modelpier/backstage-plugin-modelpier-common';
import type { PlannedModel } from './fleet-plan';

/** A planned model as its repository's `catalog-info.yaml` would declare it. */
export const fleetEntity = ({ name, title, owner, registry, path }: PlannedModel): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    ...(title !== null && { title }),
    annotations: { [IMAGE_ANNOTATION]: `${registry}/${path}` },
  },
  spec: { type: 'ml-model', owner, lifecycle: 'production' },
});
