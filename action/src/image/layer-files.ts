import { LAYER_FILES, list, parseWith, text } from '@modelpier/backstage-plugin-modelpier-common';

/** Paths of a layer's files as its annotations have them; another tool may have written anything there. */
export function layerFiles(annotations: Readonly<Record<string, string>>): readonly string[] {
  const annotation = annotations[LAYER_FILES];
  if (annotation === undefined) return [];
  try {
    return parseWith(list(text), JSON.parse(annotation), LAYER_FILES);
  } catch {
    return [];
  }
}
