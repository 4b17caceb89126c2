import type { TensorFacts } from '@modelpier/backstage-plugin-modelpier-common';

/** Methods of a class in TorchScript's serialized code, one parameter a line. */
const FORWARD = /\n {2}def forward\(self: ([\w.]+)((?:,\s*\w+: [^\n]*?)*)\) -> /g;
const PARAMETER = /(\w+): ([^\n,]+(?:\[[^\n]*\])?)/g;

/**
 * What the outermost module's `forward` takes, by name. Other modules' methods are called by it; the outermost is the
 * one whose class no other class holds.
 */
export function forwardInputs(code: ReadonlyMap<string, string>): readonly TensorFacts[] | undefined {
  const methods = new Map<string, string>();
  const held = new Set<string>();
  for (const text of code.values()) {
    for (const [, owner = '', parameters = ''] of text.matchAll(FORWARD)) methods.set(owner, parameters);
    for (const [, attribute = ''] of text.matchAll(/\n {2}\w+ : (__torch__[\w.]+)/g)) held.add(attribute);
  }
  const roots = [...methods].filter(([owner]) => !held.has(owner));
  const [root] = roots;
  if (root === undefined || roots.length > 1) return undefined;
  return [...root[1].matchAll(PARAMETER)].map(([, name = '']) => ({ name }));
}
