import {
  type Model,
  ModelpierError,
  parseReference,
  type Reference,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The serving image a model is built on: the input's, else the model file's. */
export function chooseBaseImage(model: Model, given: Reference | undefined): Reference {
  if (given !== undefined) return given;
  const image = model.spec.runtime?.image;
  if (image !== undefined) return parseReference(image);
  throw new ModelpierError('invalid-input', `build ${model.metadata.name}: no base image is named`, {
    hint: 'name the serving runtime in `spec.runtime.image` of the model file, or in the input `base-image`',
  });
}
