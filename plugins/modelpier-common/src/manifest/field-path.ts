/** One step into a document: a field, a place in a list, or the list's item with these keys. */
export type PathStep = string | number | Readonly<Record<string, string | number>>;
/** Where a field is: `spec.containers[name="main"].image`. */
export type FieldPath = readonly PathStep[];

const PLAIN = /^[A-Za-z_$][\w$/-]*$/;

export const formatFieldPath = (path: FieldPath): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (typeof step === 'object') {
      const keys = Object.entries(step).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      return `${text}[${keys.join(',')}]`;
    }
    if (!PLAIN.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');

/** A dot and a name, or brackets with an index, with keys, or with the name of a field. */
const STEP =
  /\.?(?:(?<field>[^.[\]"]+)|\[(?<index>\d+)\]|\["(?<quoted>(?:[^"\\]|\\.)*)"\]|\[(?<keys>[\w-]+=(?:"(?:[^"\\]|\\.)*"|[^",\]]*)(?:,[\w-]+=(?:"(?:[^"\\]|\\.)*"|[^",\]]*))*)\]|\[(?<named>[^\]"=]+)\])/gy;
const KEY = /(?<key>[\w-]+)=(?<value>"(?:[^"\\]|\\.)*"|[^",\]]*)/g;

/**
 * Reads a path as Kubernetes writes them in its refusals, `.spec.ports[port=80,protocol="TCP"].nam` or
 * `spec.containers[0].image`; what cannot be read ends it.
 */
export function parseFieldPath(text: string): FieldPath {
  const steps: PathStep[] = [];
  for (const { groups = {} } of text.matchAll(STEP)) {
    const { field, index, quoted, keys, named } = groups;
    if (index !== undefined) steps.push(Number(index));
    else if (keys !== undefined) steps.push(parseKeys(keys));
    else steps.push(field ?? named ?? unquote(`"${quoted ?? ''}"`));
  }
  return steps;
}

const parseKeys = (text: string): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    [...text.matchAll(KEY)].map(({ groups: { key = '', value = '' } = {} }) => [
      key,
      value.startsWith('"') ? unquote(value) : Number(value),
    ]),
  );

function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
