import { readFile, stat } from 'node:fs/promises';
import { type Fault, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { findManifests, type ManifestFile } from './find-manifests';
import { keyOf } from './origins';
import { type LoadedObject, parseManifests } from './parse-manifests';

/** The API server takes no object larger than about this (etcd's request limit), and a file holds a few. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

export interface LoadOptions {
  readonly workspace: string;
  /** The YAML documents that kustomize makes of a folder. */
  readonly renderFolder: (folder: string) => Promise<string>;
}

/** The user's own manifests; throws one error that lists everything wrong with them, with file and line. */
export async function loadManifests(
  patterns: readonly string[],
  { workspace, renderFolder }: LoadOptions,
): Promise<readonly LoadedObject[]> {
  const { files, faults: found } = await findManifests(patterns, workspace);
  const faults = [...found];
  const loaded: LoadedObject[] = [];
  for (const file of files) loaded.push(...(await read(file, renderFolder, faults)));
  faults.push(...duplicates(loaded));
  if (faults.length === 0 && loaded.length === 0) {
    faults.push({ path: patterns.join(', '), message: 'there is no object in the manifests' });
  }
  if (faults.length > 0) throw refused(faults);
  return loaded;
}

async function read(
  { path, realPath, kustomization }: ManifestFile,
  renderFolder: LoadOptions['renderFolder'],
  faults: Fault[],
): Promise<readonly LoadedObject[]> {
  if (kustomization !== undefined) {
    return parseRendered(await renderFolder(realPath), { path, file: kustomization }, faults);
  }
  if ((await stat(realPath)).size > MAX_FILE_BYTES) {
    faults.push({ path, message: `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB` });
    return [];
  }
  return parseManifests(await readFile(realPath, 'utf8'), path, faults);
}

/** Lines of the output are in no file, so that everything in it is told of the kustomization. */
function parseRendered(
  output: string,
  { path, file }: { readonly path: string; readonly file: string },
  faults: Fault[],
): readonly LoadedObject[] {
  const at = { file, line: 1, column: 1 };
  const found: Fault[] = [];
  const loaded = parseManifests(output, path, found);
  for (const { message, at: { line } = at } of found)
    faults.push({ path: file, message: `line ${line} of what kustomize makes of it: ${message}`, at });
  return loaded.map(({ object }) => ({ object, at, locate: () => at }));
}

/** The same object twice: the second would silently win. */
function duplicates(loaded: readonly LoadedObject[]): readonly Fault[] {
  const first = new Map<string, LoadedObject>();
  return loaded.flatMap(entry => {
    const { kind, metadata } = entry.object;
    const key = keyOf(entry.object);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, entry);
      return [];
    }
    const message = `${kind}/${metadata.name} stands in ${earlier.at.file}:${earlier.at.line} already`;
    return [{ path: entry.at.file, message, at: entry.at }];
  });
}

function refused(faults: readonly Fault[]): ModelpierError {
  const shown = faults.map(({ path, message, at }) =>
    at === undefined ? `${path} ${message}` : `${at.file}:${at.line}: ${message}`,
  );
  return new ModelpierError('invalid-document', `read the manifests: ${shown.join('; ')}`, { faults });
}
