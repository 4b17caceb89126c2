import type { Texts } from './texts';

/** In one word, so that a value that begins with a dash stays a value. */
export const option = (name: string, value: string): string => `--${name}=${value}`;

/** `--label=key=value`, in the order of the keys: the same build is the same command. */
export const pairOptions = (name: string, pairs: Texts): readonly string[] =>
  Object.entries(pairs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => option(name, `${key}=${value}`));

export const secretOptions = (files: Texts): readonly string[] =>
  Object.entries(files).map(([id, file]) => option('secret', `id=${id},src=${file}`));
