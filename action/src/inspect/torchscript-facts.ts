import type { TensorFacts } from '@modelpier/backstage-plugin-modelpier-common';

/** In TorchScript's serialized code `self` ends the first line, and each parameter has a line of its own. */
const FORWARD = '  def forward(self: ';
const PARAMETER = /^ {4}(\w+): /;
const ATTRIBUTE = /^ {2}\w+ : (__torch__[\w.]+)$/;
const OWNER = /^[\w.]+/;
/** No model takes more. */
const PARAMETER_LIMIT = 1000;

/**
 * What the outermost module's `forward` takes, by name. Other modules' methods are called by it; the outermost is the
 * one whose class no other class holds.
 */
export function forwardInputs(code: ReadonlyMap<string, string>): readonly TensorFacts[] | undefined {
  const methods = new Map<string, readonly string[]>();
  const held = new Set<string>();
  for (const text of code.values()) {
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      const attribute = ATTRIBUTE.exec(line)?.[1];
      if (attribute !== undefined) held.add(attribute);
      if (!line.startsWith(FORWARD)) continue;
      const owner = OWNER.exec(line.slice(FORWARD.length))?.[0] ?? '';
      methods.set(owner, line.endsWith(',') ? parametersAfter(lines, index) : []);
    }
  }
  const roots = [...methods].filter(([owner]) => !held.has(owner));
  const [root] = roots;
  if (root === undefined || roots.length > 1) return undefined;
  return root[1].map(name => ({ name }));
}

function parametersAfter(lines: readonly string[], from: number): readonly string[] {
  const names: string[] = [];
  for (let index = from + 1; index <= from + PARAMETER_LIMIT; index++) {
    const line = lines[index] ?? '';
    const name = PARAMETER.exec(line)?.[1];
    if (name === undefined) break;
    names.push(name);
    if (line.includes(') -> ')) break;
  }
  return names;
}
