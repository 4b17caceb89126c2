import {
  compareFacts,
  type FactChange,
  IMAGE_FACTS,
  type ModelFacts,
  parseModelFacts,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Previous } from './previous';

/** What is another than in the version before; nothing where either's facts are not known. */
export function factChanges(
  previous: readonly Previous[],
  facts: ModelFacts | undefined,
): { readonly changes?: readonly FactChange[] } {
  const [version] = previous;
  if (facts === undefined || version?.kind !== 'image') return {};
  const before = readFacts(version.manifest.annotations?.[IMAGE_FACTS]);
  return before === undefined ? {} : { changes: compareFacts(before, facts) };
}

/** Anyone may have written the annotation: what it is not good for, no release fails over. */
function readFacts(annotation: string | undefined): ModelFacts | undefined {
  if (annotation === undefined) return undefined;
  try {
    return parseModelFacts(JSON.parse(annotation));
  } catch {
    return undefined;
  }
}
