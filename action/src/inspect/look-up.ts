import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { LookUp } from '../scan/scan-onnx';

/** Finds a file beside another, link by link, and only among those that are shipped. */
export function lookUpBeside(
  path: string,
  { directory, paths }: { readonly directory: string; readonly paths: ReadonlySet<string> },
): LookUp {
  const folder = posix.dirname(path);
  return location => {
    const shipped = posix.normalize(posix.join(folder, location));
    if (!paths.has(shipped)) return undefined;
    const parts = shipped.split('/');
    const found = parts.map((_, at) =>
      lstatSync(join(directory, ...parts.slice(0, at + 1)), { throwIfNoEntry: false }),
    );
    const last = found.at(-1);
    if (last === undefined) return undefined;
    return {
      sizeBytes: last.size,
      isFile: last.isFile(),
      isLink: found.some(each => each?.isSymbolicLink() === true),
      names: last.nlink,
    };
  };
}
