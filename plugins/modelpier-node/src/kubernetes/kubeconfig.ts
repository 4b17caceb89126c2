import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import {
  type Decoded,
  list,
  ModelpierError,
  object,
  optional,
  parseWith,
  record,
  text,
  unknownValue,
} from '@modelpier/backstage-plugin-modelpier-common';

const named = { name: text };
const kubeconfig = object({
  'current-context': optional(text),
  clusters: optional(list(object({ ...named, cluster: optional(record(unknownValue)) }))),
  users: optional(list(object({ ...named, user: optional(record(unknownValue)) }))),
  contexts: optional(
    list(
      object({
        ...named,
        context: optional(object({ cluster: text, user: optional(text), namespace: optional(text) })),
      }),
    ),
  ),
});
type Document = Decoded<typeof kubeconfig>;

export interface Entry {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Several kubeconfig files as one; paths in them are absolute. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly contexts: readonly {
    readonly name: string;
    readonly cluster: string;
    readonly user: string | undefined;
    readonly namespace: string | undefined;
  }[];
}

/** A path, several joined as in `$KUBECONFIG`, or the text itself; of two entries with a name the first counts. */
export async function readKubeconfig(pathOrContent: string): Promise<Kubeconfig> {
  const parts = isContent(pathOrContent)
    ? [await parseKubeconfig(pathOrContent, 'kubeconfig', undefined)]
    : await readFiles(pathOrContent);
  return {
    currentContext: parts.map(part => part.currentContext).find(name => name !== undefined && name !== ''),
    clusters: parts.flatMap(part => part.clusters),
    users: parts.flatMap(part => part.users),
    contexts: parts.flatMap(part => part.contexts),
  };
}

const isContent = (value: string): boolean => /[\n{]|^\s*apiVersion:/.test(value);

async function readFiles(paths: string): Promise<Kubeconfig[]> {
  const files = paths.split(delimiter).filter(path => path !== '' && existsSync(path));
  if (files.length === 0) {
    throw new ModelpierError('invalid-input', `read the kubeconfig ${paths}: there is no such file`, {
      hint: 'give the path of a kubeconfig or its content',
    });
  }
  return await Promise.all(
    files.map(file =>
      parseKubeconfig(readFileSync(file, 'utf8'), `kubeconfig ${file}`, dirname(resolve(file))),
    ),
  );
}

async function parseKubeconfig(
  source: string,
  what: string,
  folder: string | undefined,
): Promise<Kubeconfig> {
  const document: Document = parseWith(kubeconfig, await loadDocument(source, what), what);
  return {
    currentContext: document['current-context'],
    clusters: (document.clusters ?? []).map(({ name, cluster }) => entry(name, cluster, folder)),
    users: (document.users ?? []).map(({ name, user }) => entry(name, user, folder)),
    contexts: (document.contexts ?? []).flatMap(({ name, context }) =>
      context === undefined
        ? []
        : [{ name, cluster: context.cluster, user: context.user, namespace: context.namespace }],
    ),
  };
}

/** A parser's own message quotes the text around the fault, which may be a token: only the line is told. */
async function loadDocument(source: string, what: string): Promise<unknown> {
  const { loadYaml } = await import('@kubernetes/client-node/dist/yaml.js');
  try {
    return loadYaml<unknown>(source);
  } catch (error) {
    const mark = (error as { mark?: { line?: number } }).mark;
    const where = mark?.line === undefined ? '' : ` (line ${mark.line + 1})`;
    throw new ModelpierError('invalid-input', `${what}: is not valid YAML${where}`);
  }
}

const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** Relative paths are relative to the file that holds them, as kubectl reads them. */
function entry(
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  folder: string | undefined,
): Entry {
  if (folder === undefined) return { name, fields };
  const absolute = Object.entries(fields).map(([key, value]) =>
    PATHS.includes(key) && typeof value === 'string' ? [key, resolve(folder, value)] : [key, value],
  );
  return { name, fields: Object.fromEntries(absolute) as Record<string, unknown> };
}
