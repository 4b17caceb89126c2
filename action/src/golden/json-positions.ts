import type { Position } from '@modelpier/backstage-plugin-modelpier-common';
import { memorySource } from '../content/byte-source';
import { walkJson } from '../content/json';
import { parsePath } from '../model/yaml-document';

/** Where the values at these paths stand in JSON that can be read, or the nearest ones around them. */
export function jsonPositions(text: string, paths: readonly string[], file: string): readonly Position[] {
  const bytes = Buffer.from(text, 'utf8');
  const wanted = paths.map(path => parsePath(path));
  const found = wanted.map(() => ({ depth: -1, offset: 0 }));
  const look = (path: readonly (string | number)[], offset: number): void => {
    for (const [index, keys] of wanted.entries()) {
      const best = found[index];
      if (best === undefined || path.length > keys.length || path.length <= best.depth) continue;
      if (path.every((key, at) => key === keys[at])) found[index] = { depth: path.length, offset };
    }
  };
  walkJson(memorySource(bytes), {
    value: (path, _value, offset) => look(path, offset),
    begin: (path, _kind, offset) => look(path, offset),
  });
  return found.map(({ offset }) => positionAt(bytes, offset, file));
}

function positionAt(bytes: Buffer, offset: number, file: string): Position {
  const before = bytes.subarray(0, offset).toString('utf8').split('\n');
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
