import { realpath, stat } from 'node:fs/promises';
import { type Fault, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { FileFinder, isInside } from './file-finder';
import { compareBytes, type ModelFile } from './model-file';
import { invalidDocument } from './yaml-document';

/** Files, folders and globs as someone wrote them. */
interface FilePatterns {
  readonly patterns: readonly string[];
  /** The folder the patterns are read from. */
  readonly from: string;
  /** Where they were written, for errors: `spec.files`, `input code`. */
  readonly label: string;
}

interface FileScope {
  readonly workspace: string;
  /** Files outside are refused; paths in the image are relative to it. */
  readonly directory: string;
}

interface FoundFiles {
  /** Each once, sorted by path as bytes. */
  readonly files: readonly ModelFile[];
  readonly faults: readonly Fault[];
}

/** The files that the patterns name, and all that is wrong with them. */
export async function findFiles(
  { patterns, from, label }: FilePatterns,
  { workspace, directory }: FileScope,
): Promise<FoundFiles> {
  const [realWorkspace, realDirectory] = [await realFolder(workspace), await realFolder(directory)];
  if (!isInside(realDirectory, realWorkspace)) {
    throw new ModelpierError(
      'invalid-input',
      `the model's directory ${directory} lies outside the workspace`,
      {
        hint: 'keep the model in the repository that was checked out',
      },
    );
  }
  if (patterns.length === 0) return { files: [], faults: [{ path: label, message: 'names no file' }] };
  const finder = new FileFinder(realDirectory);
  const realFrom = await realFolder(from);
  for (const [index, pattern] of patterns.entries()) {
    await finder.take(pattern, realFrom, `${label}[${index}]`);
  }
  const files = [...finder.files.values()].sort((a, b) => compareBytes(a.path, b.path));
  return { files, faults: finder.faults };
}

/** As `findFiles`, for patterns that stand in no document; throws one error with every fault. */
export async function requireFiles(patterns: FilePatterns, scope: FileScope): Promise<readonly ModelFile[]> {
  const { files, faults } = await findFiles(patterns, scope);
  if (faults.length > 0) throw invalidDocument(patterns.label, faults);
  return files;
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (cause) {
    throw new ModelpierError('not-found', `the folder ${path} cannot be read`, { cause });
  }
  throw new ModelpierError('invalid-input', `${path} is not a folder`);
}
