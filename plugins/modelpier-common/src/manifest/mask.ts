import { isTree, type Tree } from '../parse/tree';
import { counterpartOf } from './list-items';

/** As kubectl's diff writes them: a reader sees that a value changes, never what it is or was. */
const MASK = '***';
const BEFORE = '*** (before)';
const AFTER = '*** (after)';

interface Pair {
  readonly before: Tree | undefined;
  readonly after: Tree | undefined;
}

/** Both versions of an object with what must not be read replaced: a Secret's data, passwords in `env`. */
export function maskSecrets({ before, after }: Pair): Pair {
  return {
    before: before && maskObject(before, { other: after, changed: BEFORE }),
    after: after && maskObject(after, { other: before, changed: AFTER }),
  };
}

interface Against {
  readonly other: unknown;
  /** What stands for a value that the other version has too, but differently. */
  readonly changed: string;
}

function maskObject(object: Tree, { other, changed }: Against): Tree {
  if (object['kind'] !== 'Secret') return maskEnvironment(object, { other, changed }) as Tree;
  const masked = (field: 'data' | 'stringData'): Tree => {
    const values = object[field];
    if (!isTree(values)) return {};
    const others = isTree(other) ? other[field] : undefined;
    const entries = Object.entries(values).map(([key, value]) => [
      key,
      maskValue(value, { other: isTree(others) ? others[key] : undefined, changed }),
    ]);
    return { [field]: Object.fromEntries(entries) as Tree };
  };
  return { ...object, ...masked('data'), ...masked('stringData') };
}

const maskValue = (value: unknown, { other, changed }: Against): string =>
  other === undefined || other === value ? MASK : changed;

/** Names of variables whose value belongs into a Secret, and at times stands in the manifest. */
const SECRET_NAME = /password|passwd|secret|token|credential|api_?key|private_?key/i;

/** Every `env` list, wherever a kind keeps its containers. */
function maskEnvironment(value: unknown, { other, changed }: Against): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) =>
      maskEnvironment(item, { other: counterpartOf(item, other), changed }),
    );
  }
  if (!isTree(value)) return value;
  const { name, value: text } = value;
  if (typeof name === 'string' && typeof text === 'string' && SECRET_NAME.test(name)) {
    return {
      ...value,
      value: maskValue(text, { other: isTree(other) ? other['value'] : undefined, changed }),
    };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      maskEnvironment(item, { other: isTree(other) ? other[key] : undefined, changed }),
    ]),
  );
}
