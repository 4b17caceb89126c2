import { glob, readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Fault } from '@modelpier/backstage-plugin-modelpier-common';

const MANIFEST = /\.(?:ya?ml|json)$/i;
const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;

/** A manifest's path as people write it, and where its bytes are once links are followed. */
export interface ManifestFile {
  readonly path: string;
  readonly realPath: string;
  /** Of a kustomize folder: the file that makes it one. What kustomize makes of the folder is the manifest. */
  readonly kustomization?: string | undefined;
}

/**
 * The manifest files and kustomize folders that files, folders (not the folders in them, as with kubectl) and globs
 * name, each once, in the order of the input. Nothing outside the workspace is read, by whatever link.
 */
export async function findManifests(
  patterns: readonly string[],
  workspace: string,
): Promise<{ readonly files: readonly ManifestFile[]; readonly faults: readonly Fault[] }> {
  const root = await realpath(workspace);
  const files = new Map<string, ManifestFile>();
  const faults: Fault[] = [];
  for (const pattern of patterns) {
    const found = await expand(pattern, root);
    if (found.length === 0) faults.push({ path: pattern, message: 'no such file, folder or match' });
    for (const path of found) {
      for (const file of await take(path, root, faults)) files.set(file.realPath, file);
    }
  }
  return { files: [...files.values()], faults };
}

/** A name that exists is taken as it is written, brackets and all; else it is a glob. */
async function expand(pattern: string, root: string): Promise<readonly string[]> {
  if (await exists(resolve(root, pattern))) return [relative(root, resolve(root, pattern)) || '.'];
  // A glob that leads out would list folders that are none of ours before the check of its matches.
  if (isAbsolute(pattern) || pattern.split(/[\\/]/).includes('..')) return [];
  const matches: string[] = [];
  for await (const match of glob(pattern, { cwd: root })) matches.push(match);
  return matches.sort();
}

/** The files behind one path; why one cannot be taken goes to `faults`. */
async function take(path: string, root: string, faults: Fault[]): Promise<readonly ManifestFile[]> {
  const refuse = (message: string): readonly ManifestFile[] => {
    faults.push({ path, message });
    return [];
  };
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) return refuse('is a link that leads nowhere');
  if (real !== root && !real.startsWith(root + sep)) return refuse('lies outside the workspace');
  const found = await stat(real);
  if (found.isFile() && KUSTOMIZATION.test(basename(real)))
    return refuse('is a kustomization, which says nothing alone; name its folder');
  if (found.isFile()) return [{ path, realPath: real }];
  if (!found.isDirectory()) return refuse('is neither a file nor a folder');
  const names = (await readdir(real)).sort();
  const kustomization = names.find(name => KUSTOMIZATION.test(name));
  if (kustomization !== undefined)
    return [{ path, realPath: real, kustomization: join(path, kustomization) }];
  const manifests = names.filter(name => MANIFEST.test(name));
  if (manifests.length === 0) return refuse('holds no .yaml, .yml or .json file');
  const files: ManifestFile[] = [];
  for (const name of manifests) files.push(...(await take(join(path, name), root, faults)));
  return files;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
