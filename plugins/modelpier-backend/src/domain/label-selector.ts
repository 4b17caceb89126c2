type Labels = Readonly<Record<string, string>>;
export type LabelSelector = (labels: Labels) => boolean;

const KEY = /^(?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUAL = /^(\S+?)\s*(==|=|!=)\s*(\S*)$/;

/**
 * A label selector as Kubernetes writes it (Labels and Selectors: equality, sets and existence), or
 * `undefined` where the text is none: it comes from an annotation, and is never sent to a cluster.
 */
export function parseLabelSelector(written: string): LabelSelector | undefined {
  // A comma inside parentheses belongs to a set.
  const parts = written.split(/,(?![^(]*\))/).map(part => part.trim());
  const requirements = parts.map(parseRequirement);
  if (!requirements.every(requirement => requirement !== undefined)) return undefined;
  return labels => requirements.every(holds => holds(labels));
}

function parseRequirement(part: string): LabelSelector | undefined {
  const [, setKey, operator, members] = SET.exec(part) ?? [];
  if (setKey !== undefined) {
    const values = (members ?? '').split(',').map(value => value.trim());
    return requirement(setKey, values, { isNegated: operator === 'notin' });
  }
  const [, key, sign, value] = EQUAL.exec(part) ?? [];
  if (key !== undefined) return requirement(key, [value ?? ''], { isNegated: sign === '!=' });
  const isNegated = part.startsWith('!');
  const present = isNegated ? part.slice(1).trim() : part;
  return KEY.test(present) ? labels => Object.hasOwn(labels, present) !== isNegated : undefined;
}

/** As in Kubernetes, an object without the label satisfies the negated forms. */
function requirement(
  key: string,
  values: readonly string[],
  { isNegated }: { isNegated: boolean },
): LabelSelector | undefined {
  if (!KEY.test(key) || !values.every(value => VALUE.test(value))) return undefined;
  return labels => {
    const has = Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
    return has !== isNegated;
  };
}
