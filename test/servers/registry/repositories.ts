import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a repository holds: links to blobs, manifests with their types, and tags. */
export interface RepositoryContent {
  readonly blobs: Set<string>;
  readonly manifests: Map<string, ManifestLink>;
  readonly tags: Map<string, string>;
}

export interface ManifestLink {
  readonly mediaType: string;
  /** Of its config and layers. */
  readonly blobs?: readonly string[];
  readonly subject?: string | undefined;
}

export interface Repositories {
  names(): readonly string[];
  find(name: string): RepositoryContent | undefined;
  /** Makes the repository where there is none, changes it, and keeps the change. */
  change(name: string, change: (content: RepositoryContent) => void): Promise<void>;
}

type Saved = Record<
  string,
  { blobs: string[]; manifests: [string, ManifestLink][]; tags: [string, string][] }
>;

export async function openRepositories(dataDir: string | undefined): Promise<Repositories> {
  const file = dataDir === undefined ? undefined : join(dataDir, 'repositories.json');
  const contents = new Map<string, RepositoryContent>(file === undefined ? [] : await load(file));
  let saving = Promise.resolve();
  return {
    names: () => [...contents.keys()].sort(),
    find: name => contents.get(name),
    change: async (name, change) => {
      const content = contents.get(name) ?? { blobs: new Set(), manifests: new Map(), tags: new Map() };
      contents.set(name, content);
      change(content);
      if (file === undefined) return;
      saving = saving.then(() => save(file, contents));
      await saving;
    },
  };
}

async function load(file: string): Promise<[string, RepositoryContent][]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw error;
  });
  const saved = JSON.parse(text) as Saved;
  return Object.entries(saved).map(([name, { blobs, manifests, tags }]) => [
    name,
    { blobs: new Set(blobs), manifests: new Map(manifests), tags: new Map(tags) },
  ]);
}

async function save(file: string, contents: ReadonlyMap<string, RepositoryContent>): Promise<void> {
  const saved: Saved = {};
  for (const [name, { blobs, manifests, tags }] of contents) {
    saved[name] = { blobs: [...blobs], manifests: [...manifests], tags: [...tags] };
  }
  // A half-written file would lose everything at the next start.
  await writeFile(`${file}.new`, JSON.stringify(saved, null, 1));
  await rename(`${file}.new`, file);
}
