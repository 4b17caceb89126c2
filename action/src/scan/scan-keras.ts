import type { ByteSource } from '../content/byte-source';
import { walkJson } from '../content/json';
import { isDangerous } from './globals';
import type { Hit } from './rules';

const KERAS_MODULE =
  /^(?:keras|keras_core|tf_keras|tensorflow\.(?:python\.)?keras|keras_nlp|keras_hub|keras_cv)(?:\.|$)/;
/** Values that Keras serializes as plain objects of Python. */
const PLAIN_CLASSES = new Set([
  '__tuple__',
  '__tensor__',
  '__numpy__',
  '__ellipsis__',
  '__typespec__',
  '__bytes__',
]);
const KEPT_HITS = 50;

interface Node {
  readonly offset: number;
  readonly fields: Map<string, string>;
}

/** The objects that a Keras configuration would make, by the modules and classes that it names. */
export function scanKeras(
  source: ByteSource,
  range: { readonly from: number; readonly to: number },
): readonly Hit[] {
  const hits: Hit[] = [];
  const nodes: Node[] = [];
  walkJson(
    source,
    {
      begin: (_path, _kind, offset) => nodes.push({ offset, fields: new Map() }),
      value: (path, value) => {
        const key = path.at(-1);
        if (typeof key === 'string' && typeof value === 'string') nodes.at(-1)?.fields.set(key, value);
      },
      end: () => {
        const node = nodes.pop();
        const hit = node === undefined ? undefined : judgeNode(node);
        if (hit !== undefined && hits.length < KEPT_HITS) hits.push(hit);
      },
    },
    range,
  );
  return hits;
}

function judgeNode({ offset, fields }: Node): Hit | undefined {
  const className = fields.get('class_name');
  if (className === undefined) return undefined;
  const module = fields.get('module') ?? '';
  const shown = JSON.stringify(`${module === '' ? '' : `${module}.`}${className}`.slice(0, 120));
  if (className === 'Lambda' || className === '__lambda__')
    return { rule: 'keras-lambda', offset, reason: `${shown} is Python bytecode` };
  if (module === '' || KERAS_MODULE.test(module) || PLAIN_CLASSES.has(className)) return undefined;
  const rule = isDangerous(module, className) ? 'keras-dangerous-object' : 'keras-unknown-object';
  return { rule, offset, reason: `${shown} is no part of Keras` };
}
